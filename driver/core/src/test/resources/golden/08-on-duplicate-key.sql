# Row 8 of the table of shapes.

@ rename dualwrite
INSERT INTO orders (id, status) VALUES (?, ?) ON DUPLICATE KEY UPDATE status = VALUES(status), total = total + 1
=> INSERT INTO orders (id, status, `order_status`) VALUES (?, ?, `status`) ON DUPLICATE KEY UPDATE status = VALUES(status), total = total + 1, `order_status` = `status`

@ rename dualwrite
INSERT INTO orders (id, status) VALUES (?, ?) ON DUPLICATE KEY UPDATE total = 3
=> INSERT INTO orders (id, status, `order_status`) VALUES (?, ?, `status`) ON DUPLICATE KEY UPDATE total = 3

@ rename dualwrite
INSERT INTO orders (id, order_status) VALUES (?, ?) ON DUPLICATE KEY UPDATE order_status = VALUES(order_status)
=> INSERT INTO orders (id, order_status, `status`) VALUES (?, ?, `order_status`) ON DUPLICATE KEY UPDATE order_status = VALUES(order_status), `status` = `order_status`

@ rename rampdown
INSERT INTO orders (id, status) VALUES (?, ?) ON DUPLICATE KEY UPDATE status = CONCAT(status, VALUES(status))
=> INSERT INTO orders (id, status, `order_status`) VALUES (?, ?, `status`) ON DUPLICATE KEY UPDATE status = CONCAT(`orders`.`order_status`, VALUES(status)), `order_status` = `status`

@ rename complete
INSERT INTO orders (id, status) VALUES (?, ?) ON DUPLICATE KEY UPDATE status = CONCAT(status, VALUES(status))
=> INSERT INTO orders (id, `order_status`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `order_status` = CONCAT(`orders`.`order_status`, VALUES(`order_status`))

