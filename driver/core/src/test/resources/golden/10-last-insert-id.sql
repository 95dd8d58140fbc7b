# Row 10 of the table of shapes.

@ rename dualwrite
INSERT INTO orders (status) VALUES (?) ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), status = ?
=> INSERT INTO orders (status, `order_status`) VALUES (?, `status`) ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), status = ?, `order_status` = `status`

