# Row 6 of the table of shapes.

@ rename dualwrite
REPLACE INTO orders (id, status) VALUES (?, ?)
=> REPLACE INTO orders (id, status, `order_status`) VALUES (?, ?, `status`)

@ rename complete
REPLACE INTO orders (id, status) VALUES (?, ?)
=> REPLACE INTO orders (id, `order_status`) VALUES (?, ?)

