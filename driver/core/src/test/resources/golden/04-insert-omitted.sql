# Row 4 of the table of shapes.

@ rename dualwrite
INSERT INTO orders (id) VALUES (?)
=> INSERT INTO orders (id, `status`, `order_status`) VALUES (?, DEFAULT, `status`)

@ merge dualwrite
INSERT INTO orders (id, street) VALUES (?, ?)
=> INSERT INTO orders (id, street, `city`, `address`) VALUES (?, ?, DEFAULT, (CONCAT(`street`,', ',`city`)))

@ split dualwrite
INSERT INTO orders (first_name) VALUES (?)
=> INSERT INTO orders (first_name, `last_name`, `name`) VALUES (?, DEFAULT, (CONCAT(`first_name`,' ',`last_name`)))

@ rename complete
INSERT INTO orders (id) VALUES (?)
=> same

