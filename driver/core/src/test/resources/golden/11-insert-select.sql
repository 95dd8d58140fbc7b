# Row 11 of the table of shapes.

@ rename dualwrite
INSERT INTO orders (id, status) SELECT id, title FROM customers
=> refused: insert-select

@ rename dualwrite
INSERT INTO customers (title) SELECT status FROM orders WHERE status = 'x'
=> same

@ rename complete
INSERT INTO customers (title) SELECT status FROM orders WHERE status = 'x'
=> INSERT INTO customers (title) SELECT `orders`.`order_status` AS `status` FROM orders WHERE `orders`.`order_status` = 'x'

@ rename expand
INSERT INTO orders (id, status) SELECT id, title FROM customers
=> same

