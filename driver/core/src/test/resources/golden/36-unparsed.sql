# Row 36 of the table of shapes.

@ rename live
SELECT status FROM orders LOCK IN SHARE MODE
=> same
kept: unparsed

@ rename live reads-new
SELECT BINARY status FROM orders
=> same
kept: binary-operator

@ rename complete
SELECT BINARY status FROM orders
=> refused: binary-operator

@ rename dualwrite
SELECT order_status FROM orders LOCK IN SHARE MODE
=> refused: unparsed

@ rename shadow
SELECT order_status FROM orders LOCK IN SHARE MODE
=> same

@ rename dualwrite
SELECT DISTINCTROW * FROM orders LOCK IN SHARE MODE
=> refused: unparsed

