package dev.quire.store.server.commands;

import dev.quire.store.Table;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Numbers;
import dev.quire.store.server.run.Refusal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Commands that count: numbers are kept as text, so that every client can read them.
final class NumberWrites {

  private static final int MAX_EXPONENT = 4932;
  private static final int FRACTION_DIGITS = 17;

  private NumberWrites() {}

  static void bind(Routes to) {
    to.write("incr", call -> add(call, 1));
    to.write("decr", call -> add(call, -1));
    to.write("incrby", call -> add(call, call.number(2)));
    to.write("decrby", NumberWrites::subtract);
    to.write("incrbyfloat", NumberWrites::addFraction);
  }

  private static void subtract(Call call) {
    long amount = call.number(2);
    if (amount == Long.MIN_VALUE) {
      throw new Refusal("ERR decrement would overflow");
    }
    add(call, -amount);
  }

  private static void add(Call call, long amount) {
    byte[] key = call.word(1);
    Table table = call.table();
    byte[] old = table.get(key);
    long number = old == null ? 0 : Numbers.parse(old);
    long sum = number + amount;
    if (((number ^ sum) & (amount ^ sum)) < 0) {
      throw new Refusal("ERR increment or decrement would overflow");
    }
    byte[] text = Long.toString(sum).getBytes(StandardCharsets.US_ASCII);
    StringWrites.store(call, key, text, StringWrites.lifeOf(table, key), "incrby");
    call.out().number(sum);
  }

  private static void addFraction(Call call) {
    byte[] key = call.word(1);
    Table table = call.table();
    byte[] old = table.get(key);
    BigDecimal number = old == null ? BigDecimal.ZERO : fraction(old);
    String amount = call.option(2);
    if (amount.matches("[+-]?inf(inity)?|nan")) {
      throw new Refusal("ERR increment would produce NaN or Infinity");
    }
    BigDecimal sum = number.add(fraction(call.word(2)));
    if (sum.precision() - sum.scale() > MAX_EXPONENT) {
      throw new Refusal("ERR increment would produce NaN or Infinity");
    }
    String text = plain(sum);
    byte[] value = text.getBytes(StandardCharsets.US_ASCII);
    StringWrites.store(call, key, value, StringWrites.lifeOf(table, key), "incrbyfloat");
    call.out().bulk(value);
  }

  private static String plain(BigDecimal number) {
    BigDecimal rounded =
        number.scale() > FRACTION_DIGITS
            ? number.setScale(FRACTION_DIGITS, RoundingMode.HALF_EVEN)
            : number;
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  private static BigDecimal fraction(byte[] text) {
    String word = new String(text, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    if (text.length > 0 && text.length < 5_000) {
      try {
        BigDecimal number = new BigDecimal(word);
        if (Math.abs((long) number.precision() - number.scale()) <= MAX_EXPONENT
            && number.scale() <= 2 * MAX_EXPONENT) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw new Refusal("ERR value is not a valid float");
      }
    }
    throw new Refusal("ERR value is not a valid float");
  }
}
