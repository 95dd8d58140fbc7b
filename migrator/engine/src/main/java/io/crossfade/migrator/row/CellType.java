package io.crossfade.migrator.row;

/** The numbers by which the change log names the types of columns. */
final class CellType {
    static final int TINY = 1;
    static final int SHORT = 2;
    static final int LONG = 3;
    static final int FLOAT = 4;
    static final int DOUBLE = 5;
    /** TIMESTAMP, DATETIME and TIME as they were stored before MySQL 5.6. */
    static final int OLD_TIMESTAMP = 7;

    static final int LONGLONG = 8;
    static final int INT24 = 9;
    static final int DATE = 10;
    static final int OLD_TIME = 11;
    static final int OLD_DATETIME = 12;
    static final int YEAR = 13;
    static final int VARCHAR = 15;
    static final int BIT = 16;
    static final int TIMESTAMP = 17;
    static final int DATETIME = 18;
    static final int TIME = 19;
    static final int MARIADB_COMPRESSED_BLOB = 140;
    static final int MARIADB_COMPRESSED_VARCHAR = 141;
    static final int VECTOR = 242;
    static final int JSON = 245;
    static final int DECIMAL = 246;
    static final int ENUM = 247;
    static final int SET = 248;
    static final int TINY_BLOB = 249;
    static final int MEDIUM_BLOB = 250;
    static final int LONG_BLOB = 251;
    static final int BLOB = 252;
    static final int VAR_STRING = 253;
    static final int STRING = 254;
    static final int GEOMETRY = 255;

    private CellType() {}

    /** How many bytes a table map tells of a column of this type besides the type itself. */
    static int metadataBytes(int type) {
        return switch (type) {
            case FLOAT,
                    DOUBLE,
                    TIMESTAMP,
                    DATETIME,
                    TIME,
                    VECTOR,
                    JSON,
                    TINY_BLOB,
                    MEDIUM_BLOB,
                    LONG_BLOB,
                    BLOB,
                    GEOMETRY,
                    MARIADB_COMPRESSED_BLOB -> 1;
            case VARCHAR, BIT, DECIMAL, ENUM, SET, VAR_STRING, STRING, MARIADB_COMPRESSED_VARCHAR -> 2;
            default -> 0;
        };
    }
}
