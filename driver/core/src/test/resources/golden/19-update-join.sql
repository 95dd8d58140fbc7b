# Row 19 of the table of shapes.

@ rename dualwrite
UPDATE orders o JOIN customers c ON c.id = o.id SET o.status = c.title
=> refused: multi-table-update

@ rename dualwrite
UPDATE orders o JOIN customers c ON c.id = o.id SET c.title = 'x' WHERE o.status = 'a'
=> same

@ rename rampdown
UPDATE orders o JOIN customers c ON c.id = o.id SET c.title = 'x' WHERE o.status = 'a'
=> UPDATE orders o JOIN customers c ON c.id = o.id SET c.title = 'x' WHERE `o`.`order_status` = 'a'

@ rename dualwrite
UPDATE orders, customers SET status = title
=> refused: multi-table-update

