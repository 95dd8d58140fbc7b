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

