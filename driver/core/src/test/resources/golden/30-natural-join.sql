# Row 30 of the table of shapes.

@ rename dualwrite
SELECT status FROM orders NATURAL JOIN customers
=> same

@ rename complete
SELECT status FROM orders NATURAL JOIN customers
=> refused: natural-join

