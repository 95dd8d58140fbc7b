# Row 35 of the table of shapes.

@ rename live reads-new
SELECT ROW_NUMBER() OVER (PARTITION BY status ORDER BY id) FROM orders
=> SELECT ROW_NUMBER() OVER (PARTITION BY `orders`.`order_status` ORDER BY id) AS `ROW_NUMBER() OVER (PARTITION BY status ORDER BY id)` FROM orders

@ rename live reads-new
SELECT GROUP_CONCAT(DISTINCT status ORDER BY status SEPARATOR ',') FROM orders
=> SELECT GROUP_CONCAT(DISTINCT `orders`.`order_status` ORDER BY `orders`.`order_status` SEPARATOR ',') AS `GROUP_CONCAT(DISTINCT status ORDER BY status SEPARATOR ',')` FROM orders

@ rename live reads-new
SELECT id FROM orders WHERE MATCH (status) AGAINST ('a')
=> same
kept: full-text

