# Row 34 of the table of shapes.

@ rename live reads-new
SELECT x.status FROM (SELECT status FROM orders) x WHERE x.status = 'a'
=> SELECT x.status FROM (SELECT `orders`.`order_status` AS `status` FROM orders) x WHERE x.status = 'a'

@ rename live reads-new
WITH x AS (SELECT status, id FROM orders) SELECT x.status FROM x JOIN orders o ON o.id = x.id WHERE o.status = x.status
=> WITH x AS (SELECT `orders`.`order_status` AS `status`, id FROM orders) SELECT x.status FROM x JOIN orders o ON o.id = x.id WHERE `o`.`order_status` = x.status

@ rename live reads-new
SELECT status FROM orders UNION ALL SELECT title FROM customers ORDER BY status
=> SELECT `orders`.`order_status` AS `status` FROM orders UNION ALL SELECT title FROM customers ORDER BY status

@ rename live reads-new
SELECT c.title FROM customers c WHERE EXISTS (SELECT 1 FROM orders WHERE status = c.title)
=> SELECT c.title FROM customers c WHERE EXISTS (SELECT 1 FROM orders WHERE `orders`.`order_status` = c.title)

@ rename dualwrite
SELECT (SELECT order_status FROM orders o WHERE o.id = c.id LIMIT 1) FROM customers c
=> SELECT (SELECT `c`.order_status FROM orders o WHERE o.id = c.id LIMIT 1) AS `(SELECT order_status FROM orders o WHERE o.id = c.id LIMIT 1)` FROM customers c

@ rename live reads-new
WITH RECURSIVE r (n, status) AS (SELECT 1, status FROM orders WHERE id = 1 UNION ALL SELECT n + 1, status FROM r WHERE n < 3) SELECT status FROM r
=> WITH RECURSIVE r (n, status) AS (SELECT 1, `orders`.`order_status` AS `status` FROM orders WHERE id = 1 UNION ALL SELECT n + 1, status FROM r WHERE n < 3) SELECT status FROM r

@ rename live reads-new
SELECT id, (SELECT status FROM orders i WHERE i.id = o.id) FROM orders o
=> SELECT id, (SELECT `i`.`order_status` AS `status` FROM orders i WHERE i.id = o.id) AS `(SELECT status FROM orders i WHERE i.id = o.id)` FROM orders o


# The only mention of the changing table is where the parser's visitors do not go by themselves.

@ rename complete
SELECT title FROM customers WHERE title = ANY (SELECT status FROM orders)
=> SELECT title FROM customers WHERE title = ANY (SELECT `orders`.`order_status` AS `status` FROM orders)

@ rename complete
SELECT title FROM customers WHERE title > ALL (SELECT status FROM orders WHERE id > 1)
=> SELECT title FROM customers WHERE title > ALL (SELECT `orders`.`order_status` AS `status` FROM orders WHERE id > 1)

@ rename complete
INSERT INTO customers (id, title) VALUES (1, 'x') ON DUPLICATE KEY UPDATE title = (SELECT status FROM orders LIMIT 1)
=> refused: unbound-name

# A common table of an inner query hides nothing from the outer one.

@ rename complete
SELECT * FROM (WITH orders AS (SELECT title AS t FROM customers) SELECT t FROM orders) x JOIN orders o ON o.status = x.t
=> refused: unbound-name

# What a WITH does not find in itself, it finds around the query that it begins, not beside it in the FROM list. MariaDB finds nothing outside.

@ rename complete
SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM customers o, (WITH w AS (SELECT o.status AS correlated FROM customers c) SELECT correlated FROM w) d WHERE d.correlated = 'a')
=> SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM customers o, (WITH w AS (SELECT `o`.`order_status` AS correlated FROM customers c) SELECT correlated FROM w) d WHERE d.correlated = 'a')

@ rename live reads-new
SELECT c.id FROM customers c WHERE c.title IN (WITH w AS (SELECT status AS correlated FROM orders x WHERE x.id = c.id) SELECT correlated FROM w)
=> SELECT c.id FROM customers c WHERE c.title IN (WITH w AS (SELECT `x`.`order_status` AS correlated FROM orders x WHERE x.id = c.id) SELECT correlated FROM w)

@ rename complete
SELECT d.id FROM orders o, (WITH w AS (SELECT c.id FROM customers c WHERE c.title = o.status) SELECT id FROM w) d
=> refused: unbound-name

@ rename live reads-new
SELECT d.id FROM orders o, LATERAL (WITH w AS (SELECT c.id FROM customers c WHERE c.title = o.status) SELECT id FROM w) d
=> SELECT d.id FROM orders o, LATERAL (WITH w AS (SELECT c.id FROM customers c WHERE c.title = `o`.`order_status`) SELECT id FROM w) d
