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


# MariaDB runs the statement inside.

@ rename dualwrite
ANALYZE UPDATE orders SET status = 'a'
=> refused: unknown-statement

@ rename dualwrite
ANALYZE TABLE orders
=> same

@ rename dualwrite
SET STATEMENT max_statement_time = 1 FOR UPDATE orders SET status = 'a'
=> refused: unknown-statement

@ rename dualwrite
BEGIN NOT ATOMIC UPDATE orders SET status = 'a'; END
=> refused: unknown-statement

@ rename dualwrite
EXECUTE IMMEDIATE 'UPDATE orders SET status = 1'
=> refused: text-prepare

@ rename complete
CALL p((SELECT status FROM orders LIMIT 1))
=> refused: explain

@ rename complete
TABLE orders
=> refused: query

# Another table has a column that is called like the changing table.

@ rename dualwrite
UPDATE customers SET orders = orders + 1 WHERE id = ?
=> same

@ rename dualwrite
DELETE FROM customers WHERE orders = 1
=> same

@ rename dualwrite
INSERT INTO customers SET id = 1, orders = 1
=> same
