# Row 5 of the table of shapes.

@ rename dualwrite
INSERT INTO orders SET id = 1, status = ?
=> INSERT INTO orders SET id = 1, status = ?, `order_status` = `status`

@ rename dualwrite
REPLACE orders SET order_status = ?, id = 4
=> REPLACE orders SET order_status = ?, id = 4, `status` = `order_status`

@ rename dualwrite
INSERT INTO orders SET id = 1
=> INSERT INTO orders SET id = 1, `status` = DEFAULT, `order_status` = `status`

@ rename complete
INSERT INTO orders SET id = 1, status = ?
=> INSERT INTO orders SET id = 1, `order_status` = ?

