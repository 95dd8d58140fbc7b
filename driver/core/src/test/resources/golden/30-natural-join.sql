# Row 30 of the table of shapes.

@ rename dualwrite
SELECT status FROM orders NATURAL JOIN customers
=> refused: natural-join

@ rename complete
SELECT status FROM orders NATURAL JOIN customers
=> refused: natural-join


# It joins on the changing column without a word of it.

@ rename complete
SELECT orders.id FROM orders NATURAL JOIN customers
=> refused: natural-join
