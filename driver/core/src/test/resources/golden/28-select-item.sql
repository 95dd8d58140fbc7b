# Row 28 of the table of shapes.

@ rename dualwrite
SELECT status FROM orders
=> same

@ rename dualwrite
SELECT order_status FROM orders WHERE order_status = ?
=> SELECT `orders`.`status` AS `order_status` FROM orders WHERE `orders`.`status` = ?

@ rename live
SELECT status FROM orders
=> same

@ rename live reads-new
SELECT status, o.status, UPPER(status), status AS s FROM orders o WHERE id = 1
=> SELECT `o`.`order_status` AS `status`, `o`.`order_status` AS `status`, UPPER(`o`.`order_status`) AS `UPPER(status)`, `o`.`order_status` AS s FROM orders o WHERE id = 1

@ rename live reads-new
SELECT order_status FROM orders
=> same

@ rename rampdown
SELECT `status` FROM `shop`.`orders`
=> SELECT `shop`.`orders`.`order_status` AS `status` FROM `shop`.`orders`

@ rename contract
SELECT status FROM orders WHERE status = ?
=> SELECT `orders`.`order_status` AS `status` FROM orders WHERE `orders`.`order_status` = ?

@ retype dualwrite
SELECT age FROM orders
=> SELECT CAST(CASE WHEN (CAST(CONVERT(`orders`.`age_str` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((CAST(`orders`.`age` AS CHAR)) USING utf8mb4) AS BINARY)) THEN `orders`.`age` ELSE (CASE WHEN `orders`.`age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`orders`.`age_str` AS SIGNED) END) END AS SIGNED) AS `age` FROM orders

@ retype shadow
SELECT age FROM orders
=> same

@ retype live reads-new
SELECT age_str, age FROM orders
=> same

@ retype rampdown back
SELECT age_str FROM orders
=> SELECT (CAST(CASE WHEN (`orders`.`age` <=> (CASE WHEN `orders`.`age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`orders`.`age_str` AS SIGNED) END)) THEN `orders`.`age_str` ELSE (CAST(`orders`.`age` AS CHAR)) END AS CHAR(3) CHARACTER SET utf8mb4) COLLATE utf8mb4_general_ci) AS `age_str` FROM orders

@ retype complete
SELECT age_str FROM orders
=> SELECT (CAST((CAST(`orders`.`age` AS CHAR)) AS CHAR(3) CHARACTER SET utf8mb4) COLLATE utf8mb4_general_ci) AS `age_str` FROM orders

@ lossless live reads-new
SELECT total FROM orders WHERE id = 3
=> SELECT CAST((`orders`.`cents` / 100) AS DECIMAL(10,2)) AS `total` FROM orders WHERE id = 3

@ split dualwrite
SELECT first_name FROM orders
=> SELECT CAST(CASE WHEN (CAST(CONVERT(`orders`.`name` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((CONCAT(`orders`.`first_name`,' ',`orders`.`last_name`)) USING utf8mb4) AS BINARY)) THEN `orders`.`first_name` ELSE (SUBSTRING_INDEX(`orders`.`name`,' ',1)) END AS CHAR(80)) AS `first_name` FROM orders

@ merge complete
SELECT street, city, address FROM orders
=> SELECT (CAST((SUBSTRING_INDEX(`orders`.`address`,', ',1)) AS CHAR(60) CHARACTER SET utf8mb4) COLLATE utf8mb4_general_ci) AS `street`, (CAST((SUBSTRING_INDEX(`orders`.`address`,', ',-1)) AS CHAR(60) CHARACTER SET utf8mb4) COLLATE utf8mb4_general_ci) AS `city`, address FROM orders

@ derive dualwrite
SELECT email_normalized, last_login_at FROM orders
=> SELECT CAST((LOWER(`orders`.`email`)) AS CHAR(100)) AS `email_normalized`, last_login_at FROM orders

@ derive live reads-new
SELECT email, email_normalized FROM orders
=> same

@ rename expand
SELECT order_status FROM orders
=> refused: new-column-too-early

@ rename expand
SELECT status FROM orders
=> same


# Parentheses do not show in the label of a column.

@ rename complete
SELECT DISTINCT(status) FROM orders
=> SELECT DISTINCT(`orders`.`order_status`) AS `status` FROM orders

@ rename complete
SELECT ((orders.status)), (UPPER(status)) FROM orders
=> SELECT ((`orders`.`order_status`)) AS `status`, (UPPER(`orders`.`order_status`)) AS `(UPPER(status))` FROM orders
