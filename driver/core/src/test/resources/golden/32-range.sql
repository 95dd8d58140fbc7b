# Row 32 of the table of shapes.

@ rename live reads-new
SELECT MIN(status), MAX(status) m FROM orders WHERE status > 'a' AND status LIKE 'b%' ORDER BY status DESC LIMIT 3
=> SELECT MIN(`orders`.`order_status`) AS `MIN(status)`, MAX(`orders`.`order_status`) m FROM orders WHERE `orders`.`order_status` > 'a' AND `orders`.`order_status` LIKE 'b%' ORDER BY `orders`.`order_status` DESC LIMIT 3

@ lossless live reads-new
SELECT id FROM orders WHERE total BETWEEN 1 AND 2 ORDER BY total
=> same
kept: mapped-predicate

@ lossless live reads-new
SELECT SUM(total) FROM orders
=> SELECT SUM(CAST((`orders`.`cents` / 100) AS DECIMAL(10,2))) AS `SUM(total)` FROM orders

