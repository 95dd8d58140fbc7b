# A sampled read tells of each row whether its two sides agree, in one column more behind the application's own.

@ rename shadow compares
SELECT status FROM orders WHERE id = ?
=> SELECT status, CASE WHEN `orders`.`id` IS NULL THEN NULL WHEN (CAST(CONVERT(`orders`.`order_status` USING utf8mb4) AS BINARY) <=> CAST(CONVERT(`orders`.`status` USING utf8mb4) AS BINARY)) THEN '' ELSE CONCAT('id=', CAST(`orders`.`id` AS CHAR)) END AS `crossfade:agrees:1` FROM orders WHERE id = ?

@ rename shadow compares
SELECT id, UPPER(status) AS loud FROM orders o ORDER BY 2 LIMIT 5
=> SELECT id, UPPER(status) AS loud, CASE WHEN `o`.`id` IS NULL THEN NULL WHEN (CAST(CONVERT(`o`.`order_status` USING utf8mb4) AS BINARY) <=> CAST(CONVERT(`o`.`status` USING utf8mb4) AS BINARY)) THEN '' ELSE CONCAT('id=', CAST(`o`.`id` AS CHAR)) END AS `crossfade:agrees:1` FROM orders o ORDER BY 2 LIMIT 5

@ rename shadow compares
SELECT * FROM orders WHERE status = 'paid'
=> SELECT `orders`.`id`, `orders`.`status`, `orders`.`name`, `orders`.`age_str`, `orders`.`street`, `orders`.`city`, `orders`.`email`, `orders`.`total`, `orders`.`made_at`, CASE WHEN `orders`.`id` IS NULL THEN NULL WHEN (CAST(CONVERT(`orders`.`order_status` USING utf8mb4) AS BINARY) <=> CAST(CONVERT(`orders`.`status` USING utf8mb4) AS BINARY)) THEN '' ELSE CONCAT('id=', CAST(`orders`.`id` AS CHAR)) END AS `crossfade:agrees:1` FROM orders WHERE status = 'paid'

@ rename live reads-new compares
SELECT o.status, o.id FROM shop.orders o WHERE o.status IN (?, ?)
=> SELECT `o`.`order_status` AS `status`, o.id, CASE WHEN `o`.`id` IS NULL THEN NULL WHEN (CAST(CONVERT(`o`.`order_status` USING utf8mb4) AS BINARY) <=> CAST(CONVERT(`o`.`status` USING utf8mb4) AS BINARY)) THEN '' ELSE CONCAT('id=', CAST(`o`.`id` AS CHAR)) END AS `crossfade:agrees:1` FROM shop.orders o WHERE `o`.`order_status` IN (?, ?)

@ rename live new-view compares
SELECT order_status FROM orders
=> SELECT `orders`.`status` AS `order_status`, CASE WHEN `orders`.`id` IS NULL THEN NULL WHEN (CAST(CONVERT(`orders`.`order_status` USING utf8mb4) AS BINARY) <=> CAST(CONVERT(`orders`.`status` USING utf8mb4) AS BINARY)) THEN '' ELSE CONCAT('id=', CAST(`orders`.`id` AS CHAR)) END AS `crossfade:agrees:1` FROM orders

@ retype live reads-new compares
SELECT id, age_str FROM orders WHERE id > ?
=> SELECT id, age_str, CASE WHEN `orders`.`id` IS NULL THEN NULL WHEN ((`orders`.`age` <=> (CASE WHEN `orders`.`age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`orders`.`age_str` AS SIGNED) END)) OR (CAST(CONVERT(`orders`.`age_str` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((CAST(`orders`.`age` AS CHAR)) USING utf8mb4) AS BINARY))) THEN '' ELSE CONCAT('id=', CAST(`orders`.`id` AS CHAR)) END AS `crossfade:agrees:1` FROM orders WHERE id > ?

@ merge shadow compares
SELECT street, city FROM orders
=> SELECT street, city, CASE WHEN `orders`.`id` IS NULL THEN NULL WHEN ((CAST(CONVERT(`orders`.`address` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((CONCAT(`orders`.`street`,', ',`orders`.`city`)) USING utf8mb4) AS BINARY)) OR ((CAST(CONVERT(`orders`.`street` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((SUBSTRING_INDEX(`orders`.`address`,', ',1)) USING utf8mb4) AS BINARY)) AND (CAST(CONVERT(`orders`.`city` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((SUBSTRING_INDEX(`orders`.`address`,', ',-1)) USING utf8mb4) AS BINARY)))) THEN '' ELSE CONCAT('id=', CAST(`orders`.`id` AS CHAR)) END AS `crossfade:agrees:1` FROM orders

@ split shadow compares new-view
SELECT first_name FROM orders
=> SELECT first_name, CASE WHEN `orders`.`id` IS NULL THEN NULL WHEN (((CAST(CONVERT(`orders`.`first_name` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((SUBSTRING_INDEX(`orders`.`name`,' ',1)) USING utf8mb4) AS BINARY)) AND (CAST(CONVERT(`orders`.`last_name` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((SUBSTRING(`orders`.`name`, LENGTH(SUBSTRING_INDEX(`orders`.`name`,' ',1)) + 2)) USING utf8mb4) AS BINARY))) OR (CAST(CONVERT(`orders`.`name` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((CONCAT(`orders`.`first_name`,' ',`orders`.`last_name`)) USING utf8mb4) AS BINARY))) THEN '' ELSE CONCAT('id=', CAST(`orders`.`id` AS CHAR)) END AS `crossfade:agrees:1` FROM orders

@ derive shadow compares
SELECT email FROM orders WHERE id = 7
=> SELECT email, CASE WHEN `orders`.`id` IS NULL THEN NULL WHEN (CAST(CONVERT(`orders`.`email_normalized` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((LOWER(`orders`.`email`)) USING utf8mb4) AS BINARY)) THEN '' ELSE CONCAT('id=', CAST(`orders`.`id` AS CHAR)) END AS `crossfade:agrees:1` FROM orders WHERE id = 7

# Joins: the row of an outer join that found none has no key, and tells nothing.

@ rename shadow compares
SELECT c.title, o.status FROM customers c LEFT JOIN orders o ON o.id = c.id ORDER BY c.id
=> SELECT c.title, o.status, CASE WHEN `o`.`id` IS NULL THEN NULL WHEN (CAST(CONVERT(`o`.`order_status` USING utf8mb4) AS BINARY) <=> CAST(CONVERT(`o`.`status` USING utf8mb4) AS BINARY)) THEN '' ELSE CONCAT('id=', CAST(`o`.`id` AS CHAR)) END AS `crossfade:agrees:1` FROM customers c LEFT JOIN orders o ON o.id = c.id ORDER BY c.id

@ rename shadow compares
SELECT a.status, b.status FROM orders a JOIN orders b ON b.id = a.id + 1
=> SELECT a.status, b.status, CASE WHEN `a`.`id` IS NULL THEN NULL WHEN (CAST(CONVERT(`a`.`order_status` USING utf8mb4) AS BINARY) <=> CAST(CONVERT(`a`.`status` USING utf8mb4) AS BINARY)) THEN '' ELSE CONCAT('id=', CAST(`a`.`id` AS CHAR)) END AS `crossfade:agrees:1`, CASE WHEN `b`.`id` IS NULL THEN NULL WHEN (CAST(CONVERT(`b`.`order_status` USING utf8mb4) AS BINARY) <=> CAST(CONVERT(`b`.`status` USING utf8mb4) AS BINARY)) THEN '' ELSE CONCAT('id=', CAST(`b`.`id` AS CHAR)) END AS `crossfade:agrees:2` FROM orders a JOIN orders b ON b.id = a.id + 1

@ rename shadow compares
WITH late AS (SELECT id FROM orders WHERE status = 'late') SELECT o.id FROM orders o JOIN late ON late.id = o.id
=> WITH late AS (SELECT id FROM orders WHERE status = 'late') SELECT o.id, CASE WHEN `o`.`id` IS NULL THEN NULL WHEN (CAST(CONVERT(`o`.`order_status` USING utf8mb4) AS BINARY) <=> CAST(CONVERT(`o`.`status` USING utf8mb4) AS BINARY)) THEN '' ELSE CONCAT('id=', CAST(`o`.`id` AS CHAR)) END AS `crossfade:agrees:1` FROM orders o JOIN late ON late.id = o.id

@ rename shadow compares
SELECT o.id, (SELECT COUNT(*) FROM customers c WHERE c.id = o.id) AS n FROM orders o
=> SELECT o.id, (SELECT COUNT(*) FROM customers c WHERE c.id = o.id) AS n, CASE WHEN `o`.`id` IS NULL THEN NULL WHEN (CAST(CONVERT(`o`.`order_status` USING utf8mb4) AS BINARY) <=> CAST(CONVERT(`o`.`status` USING utf8mb4) AS BINARY)) THEN '' ELSE CONCAT('id=', CAST(`o`.`id` AS CHAR)) END AS `crossfade:agrees:1` FROM orders o

# Where a column more would change something, and where there is no row to tell of.

@ rename shadow compares
SELECT DISTINCT status FROM orders
=> same
not compared: distinct

@ rename shadow compares
SELECT status, COUNT(*) FROM orders GROUP BY status
=> same
not compared: group

@ rename shadow compares
SELECT COALESCE(MAX(id), 0) FROM orders
=> same
not compared: aggregate

@ rename shadow compares
SELECT id FROM orders WHERE status = 'a' UNION ALL SELECT id FROM orders WHERE status = 'b'
=> same
not compared: union

@ rename shadow compares
SELECT id, ROW_NUMBER() OVER (ORDER BY id) FROM orders
=> same
not compared: window

@ rename shadow compares
SELECT id FROM orders WHERE status = ? FOR UPDATE
=> same
not compared: locks

@ rename shadow compares
SELECT id FROM orders WHERE status = ? LOCK IN SHARE MODE
=> same
not compared: locks

@ rename shadow compares
SELECT id, @n := id FROM orders
=> same
not compared: assignment

@ rename shadow compares
SELECT x.id FROM (SELECT id, status FROM orders) x
=> same
not compared: no-row

@ rename shadow compares
SELECT title FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.id = c.id AND o.status = 'new')
=> same
not compared: no-row

@ rename shadow compares
SELECT id FROM orders; SELECT status FROM orders
=> same
not compared: several-statements

@ rename shadow compares
INSERT INTO orders (id, status) VALUES (1, 'a')
=> INSERT INTO orders (id, status, `order_status`) VALUES (1, 'a', `status`)

# Both sides agree by no comparison before they do, and from rampdown on new is the authority.

@ rename dualwrite compares
SELECT status FROM orders
=> same
not compared: no-row

@ rename rampdown compares
SELECT status FROM orders
=> SELECT `orders`.`order_status` AS `status` FROM orders
not compared: no-row
