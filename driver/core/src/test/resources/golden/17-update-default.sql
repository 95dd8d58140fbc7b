# Row 17 of the table of shapes.

@ rename dualwrite
UPDATE orders SET status = DEFAULT WHERE id = 1
=> UPDATE orders SET status = DEFAULT, `order_status` = `status` WHERE id = 1

@ rename complete
UPDATE orders SET status = DEFAULT WHERE id = 1
=> UPDATE orders SET `order_status` = DEFAULT WHERE id = 1

@ lossless complete
UPDATE orders SET total = DEFAULT WHERE id = 1
=> UPDATE orders SET `cents` = DEFAULT WHERE id = 1

