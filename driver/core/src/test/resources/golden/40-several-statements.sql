# Row 40 of the table of shapes.

@ rename dualwrite
UPDATE orders SET status = 'a'; SELECT 1; DELETE FROM orders WHERE order_status = 'b';
=> UPDATE orders SET status = 'a', `order_status` = `status`; SELECT 1; DELETE FROM orders WHERE `orders`.`status` = 'b';

@ rename live reads-new
SELECT status FROM orders;
=> SELECT `orders`.`order_status` AS `status` FROM orders;

