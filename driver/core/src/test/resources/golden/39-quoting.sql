# Row 39 of the table of shapes.

@ rename dualwrite
UPDATE Orders SET `STATUS` = "status", name = 'it\'s status' WHERE name = 'or''ders'
=> UPDATE Orders SET `STATUS` = "status", name = 'it\'s status', `order_status` = `status` WHERE name = 'or''ders'

@ rename live reads-new
SELECT `orders`.`status` FROM `orders`
=> SELECT `orders`.`order_status` AS `status` FROM `orders`

@ rename live reads-new
SELECT 'status' FROM orders
=> same

@ rename live reads-new
SELECT orders.id FROM orders AS o, customers AS orders
=> same

@ rename dualwrite
SELECT 'orders' FROM customers
=> same

@ rename dualwrite
SELECT title, order_status FROM customers c JOIN orders o ON o.id = c.id
=> SELECT title, `c`.order_status FROM customers c JOIN orders o ON o.id = c.id

@ rename dualwrite
SELECT id, (SELECT COUNT(*) FROM orders WHERE orders.status = order_status) FROM customers
=> SELECT id, (SELECT COUNT(*) FROM orders WHERE orders.status = `customers`.order_status) AS `(SELECT COUNT(*) FROM orders WHERE orders.status = order_status)` FROM customers

