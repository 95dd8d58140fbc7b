# Row 38 of the table of shapes.

@ rename dualwrite
UPDATE orders SET /*!50000 status = 1, */ total = 2
=> UPDATE orders SET /*!50000 status = 1, */ total = 2, `order_status` = `status`

@ rename dualwrite
UPDATE orders SET /*!90000 status = 1, */ total = 2
=> same

@ rename live reads-new
SELECT /*!40001 SQL_NO_CACHE */ status FROM orders
=> SELECT /*!40001 SQL_NO_CACHE */ `orders`.`order_status` AS `status` FROM orders

