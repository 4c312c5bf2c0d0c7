package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;

/**
 * Reads formulas: {@code + - * /}, parentheses, decimal numbers and names of measures. A name that is not made of letters, digits
 * and underscores stands in backticks. Signs of one rank are taken from left to right. Not thread-safe.
 */
final class FormulaParser {
    private static final int MAX_LENGTH = 500;
    private static final int MAX_DEPTH = 50;

    private final String text;
    private final String field;
    private int position;
    private int depth;

    private FormulaParser(String text, String field) {
        this.text = text;
        this.field = field;
    }

    /**
     * Parses a formula.
     *
     * @param field the JSON path of the formula, for failures
     */
    static Expression parse(String text, String field) {
        FormulaParser parser = new FormulaParser(text, field);
        if (text.length() > MAX_LENGTH) {
            throw parser.failure("a formula can have at most " + MAX_LENGTH + " characters");
        }
        Expression expression = parser.sum();
        if (parser.next() != 0) {
            throw parser.unexpected();
        }
        return expression;
    }

    private Expression sum() {
        Expression left = product();
        while (next() == '+' || next() == '-') {
            Expression.Sign sign = take() == '+' ? Expression.Sign.PLUS : Expression.Sign.MINUS;
            left = new Expression.Binary(sign, left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = factor();
        while (next() == '*' || next() == '/') {
            Expression.Sign sign = take() == '*' ? Expression.Sign.TIMES : Expression.Sign.DIVIDED_BY;
            left = new Expression.Binary(sign, left, factor());
        }
        return left;
    }

    private Expression factor() {
        depth++;
        if (depth > MAX_DEPTH) {
            throw failure("the formula is nested too deeply");
        }
        Expression factor = undoneFactor();
        depth--;
        return factor;
    }

    private Expression undoneFactor() {
        int next = next();
        if (next == '(') {
            take();
            Expression inner = sum();
            if (next() != ')') {
                throw next() == 0 ? failure("a parenthesis is not closed") : unexpected();
            }
            take();
            return inner;
        }
        if (next == '-') {
            take();
            return new Expression.Binary(Expression.Sign.MINUS, new Expression.Constant(0), factor());
        }
        if (next == '`') {
            return quotedName();
        }
        if (isDigit(next) || next == '.') {
            return number();
        }
        if (isNamePart(next)) {
            return name();
        }
        throw unexpected();
    }

    private Expression number() {
        int start = position;
        while (position < text.length() && (isDigit(text.charAt(position)) || text.charAt(position) == '.')) {
            position++;
        }
        String digits = text.substring(start, position);
        double value;
        try {
            value = Double.parseDouble(digits);
        } catch (NumberFormatException e) {
            throw failure("'" + digits + "' is not a number");
        }
        if (!Double.isFinite(value)) {
            throw failure("'" + digits + "' is too large a number");
        }
        return new Expression.Constant(value);
    }

    private Expression name() {
        int start = position;
        while (position < text.length() && isNamePart(text.charAt(position))) {
            position++;
        }
        return new Expression.Reference(text.substring(start, position));
    }

    private Expression quotedName() {
        int end = text.indexOf('`', position + 1);
        if (end < 0) {
            throw failure("a backtick is not closed");
        }
        String name = text.substring(position + 1, end);
        position = end + 1;
        return new Expression.Reference(name);
    }

    private int next() {
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
        return position < text.length() ? text.charAt(position) : 0;
    }

    private char take() {
        return text.charAt(position++);
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isNamePart(int character) {
        return Character.isLetterOrDigit(character) || character == '_';
    }

    private TidemarkException unexpected() {
        return next() == 0
                ? failure("the formula ends where a number or a measure is missing")
                : failure("unexpected '" + text.charAt(position) + "' at character " + (position + 1));
    }

    private TidemarkException failure(String message) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
