# Row 42 of the table of shapes.

@ rename dualwrite
TRUNCATE TABLE orders
=> same

@ rename dualwrite
ALTER TABLE orders ADD x INT
=> refused: ddl

@ rename dualwrite
PREPARE s FROM 'UPDATE orders SET status = ?'
=> refused: text-prepare

@ rename dualwrite
LOCK TABLES orders WRITE
=> same

@ rename dualwrite
SHOW CREATE TABLE orders
=> same

@ rename dualwrite
LOAD DATA INFILE 'x' INTO TABLE orders (status)
=> refused: unknown-statement

@ rename dualwrite
CREATE TABLE copy AS SELECT * FROM orders
=> refused: ddl

@ rename dualwrite
EXPLAIN SELECT status FROM orders
=> same

@ rename dualwrite
EXPLAIN SELECT order_status FROM orders
=> refused: explain

@ rename dualwrite
SET @x = (SELECT status FROM orders LIMIT 1)
=> same

@ rename dualwrite
WITH x AS (SELECT 1) UPDATE orders SET status = 'a'
=> refused: cte-write

