# Row 16 of the table of shapes.

@ rename dualwrite
UPDATE orders SET status = CONCAT(status, ?), name = status WHERE status LIKE 'a%'
=> UPDATE orders SET status = CONCAT(status, ?), name = status, `order_status` = `status` WHERE status LIKE 'a%'

@ rename rampdown
UPDATE orders SET status = CONCAT(status, ?), name = status WHERE status LIKE 'a%'
=> UPDATE orders SET status = CONCAT(`orders`.`order_status`, ?), name = status, `order_status` = `status` WHERE `orders`.`order_status` LIKE 'a%'

@ rename complete
UPDATE orders SET status = CONCAT(status, ?), name = status WHERE status LIKE 'a%'
=> UPDATE orders SET `order_status` = CONCAT(`orders`.`order_status`, ?), name = `orders`.`order_status` WHERE `orders`.`order_status` LIKE 'a%'

@ rename dualwrite
UPDATE orders SET status = CASE WHEN id > 3 THEN 'x' ELSE status END
=> UPDATE orders SET status = CASE WHEN id > 3 THEN 'x' ELSE status END, `order_status` = `status`

@ rename dualwrite
UPDATE orders SET status = (SELECT title FROM customers c WHERE c.id = orders.id) WHERE id = 3
=> UPDATE orders SET status = (SELECT title FROM customers c WHERE c.id = orders.id), `order_status` = `status` WHERE id = 3

@ rename dualwrite
UPDATE orders SET status = 'a', name = order_status
=> refused: assigned-then-read

