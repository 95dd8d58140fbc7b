# Row 27 of the table of shapes.

@ rename dualwrite
DELETE FROM orders WHERE status = ?
=> same

@ rename rampdown
DELETE FROM orders WHERE status = ? LIMIT 3
=> DELETE FROM orders WHERE `orders`.`order_status` = ? LIMIT 3

@ rename complete
DELETE o FROM orders o JOIN customers c ON c.id = o.id WHERE o.status = ?
=> DELETE o FROM orders o JOIN customers c ON c.id = o.id WHERE `o`.`order_status` = ?

@ retype dualwrite
DELETE FROM orders WHERE age = ?
=> DELETE FROM orders WHERE CAST(CASE WHEN (CAST(CONVERT(`orders`.`age_str` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((CAST(`orders`.`age` AS CHAR)) USING utf8mb4) AS BINARY)) THEN `orders`.`age` ELSE (CASE WHEN `orders`.`age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`orders`.`age_str` AS SIGNED) END) END AS SIGNED) = ?

@ rename rampdown
DELETE FROM orders WHERE id IN (SELECT id FROM customers WHERE order_status = 'a') AND status = 'b'
=> DELETE FROM orders WHERE id IN (SELECT id FROM customers WHERE order_status = 'a') AND `orders`.`order_status` = 'b'

