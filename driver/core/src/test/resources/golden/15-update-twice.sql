# Row 15 of the table of shapes.

@ rename dualwrite
UPDATE orders SET status = 'a', total = 2, status = 'b' WHERE id = 1
=> UPDATE orders SET status = 'a', total = 2, status = 'b', `order_status` = `status` WHERE id = 1

