# Row 33 of the table of shapes.

@ rename live reads-new
SELECT status, COUNT(*) FROM orders GROUP BY status HAVING status <> 'a' ORDER BY status
=> SELECT `orders`.`order_status` AS `status`, COUNT(*) FROM orders GROUP BY `orders`.`order_status` HAVING status <> 'a' ORDER BY status

@ rename live reads-new
SELECT COUNT(*) c FROM orders GROUP BY status WITH ROLLUP HAVING c > 1
=> SELECT COUNT(*) c FROM orders GROUP BY `orders`.`order_status` WITH ROLLUP HAVING c > 1

@ rename dualwrite
SELECT name AS order_status, COUNT(*) FROM orders GROUP BY order_status ORDER BY order_status
=> SELECT name AS order_status, COUNT(*) FROM orders GROUP BY 1 ORDER BY order_status

@ rename live reads-new
SELECT name AS status FROM orders ORDER BY status
=> same

@ rename live reads-new
SELECT status, COUNT(*) FROM orders GROUP BY 1 ORDER BY 2
=> SELECT `orders`.`order_status` AS `status`, COUNT(*) FROM orders GROUP BY 1 ORDER BY 2


# A name alone in ORDER BY is a label; in an expression, or aggregated in HAVING, the server takes the column, which is stale.

@ rename complete
SELECT id, status FROM orders ORDER BY FIELD(status, 'a', 'b'), status IS NULL, (status), status DESC
=> SELECT id, `orders`.`order_status` AS `status` FROM orders ORDER BY FIELD(`orders`.`order_status`, 'a', 'b'), `orders`.`order_status` IS NULL, (status), status DESC

@ rename complete
SELECT * FROM orders ORDER BY LOWER(status), status
=> SELECT `orders`.`id`, `orders`.`order_status` AS `status`, `orders`.`name`, `orders`.`age_str`, `orders`.`street`, `orders`.`city`, `orders`.`email`, `orders`.`total`, `orders`.`made_at` FROM orders ORDER BY LOWER(`orders`.`order_status`), status

@ rename complete
SELECT status, COUNT(*) FROM orders GROUP BY status HAVING MAX(status) > 'b' AND CONCAT(status, '') <> 'c' ORDER BY MAX(status)
=> SELECT `orders`.`order_status` AS `status`, COUNT(*) FROM orders GROUP BY `orders`.`order_status` HAVING MAX(`orders`.`order_status`) > 'b' AND CONCAT(status, '') <> 'c' ORDER BY MAX(`orders`.`order_status`)

@ rename complete
SELECT name AS order_status FROM orders ORDER BY LOWER(order_status)
=> refused: alias-is-column

# The total of a computed column under ROLLUP is not NULL, as a plain column's is.

@ retype complete
SELECT age_str, COUNT(*) FROM orders GROUP BY age_str WITH ROLLUP
=> refused: rollup
