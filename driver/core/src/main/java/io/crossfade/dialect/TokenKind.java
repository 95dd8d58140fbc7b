package io.crossfade.dialect;

/** What a token is. Comments and blanks are not tokens. */
public enum TokenKind {
    /** A bare word: keyword or identifier. */
    WORD,
    /** A quoted identifier, quotes included. */
    QUOTED,
    /** A string literal, quotes included; an introducer before it is a word of its own. */
    STRING,
    /** A number, hexadecimal and bit forms among them. */
    NUMBER,
    /** A parameter mark. */
    PARAMETER,
    /** A user or system variable with its at signs. */
    VARIABLE,
    /** One character of punctuation or operator. */
    SYMBOL,
    /** What the lexer cannot read: an open quote or comment. It ends the text. */
    BROKEN
}
