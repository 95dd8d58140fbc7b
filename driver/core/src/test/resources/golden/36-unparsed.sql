# Row 36 of the table of shapes.

@ rename live
SELECT status FROM orders LOCK IN SHARE MODE
=> same

@ rename live reads-new
SELECT BINARY status FROM orders
=> same
kept: binary-operator

@ rename rampdown
SELECT BINARY status FROM orders
=> refused: binary-operator

@ rename complete
SELECT BINARY status FROM orders
=> refused: binary-operator

@ rename dualwrite
SELECT order_status FROM orders LOCK IN SHARE MODE
=> SELECT `orders`.`status` AS `order_status` FROM orders LOCK IN SHARE MODE

@ rename shadow
SELECT order_status FROM orders LOCK IN SHARE MODE
=> SELECT `orders`.`status` AS `order_status` FROM orders LOCK IN SHARE MODE

@ rename dualwrite
SELECT DISTINCTROW * FROM orders LOCK IN SHARE MODE
=> SELECT DISTINCTROW `orders`.`id`, `orders`.`status`, `orders`.`name`, `orders`.`age_str`, `orders`.`street`, `orders`.`city`, `orders`.`email`, `orders`.`total`, `orders`.`made_at` FROM orders LOCK IN SHARE MODE


# Words that the parser takes for a column with the alias "status".

@ rename complete
SELECT HIGH_PRIORITY status FROM orders
=> SELECT HIGH_PRIORITY `orders`.`order_status` AS `status` FROM orders

@ rename complete
SELECT SQL_BIG_RESULT DISTINCTROW status FROM orders WHERE status = 'a' LOCK IN SHARE MODE
=> SELECT SQL_BIG_RESULT DISTINCTROW `orders`.`order_status` AS `status` FROM orders WHERE `orders`.`order_status` = 'a' LOCK IN SHARE MODE
