package dev.quire.store.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Numbers of bytes as people write them: `4096`, `64k`, `512m`, `8g`.
final class AmountConverter implements ITypeConverter<Long> {

  private static final String UNITS = "kmg";
  private static final int UNIT_BITS = 10;

  @Override
  public Long convert(String text) {
    String digits = text.toLowerCase(java.util.Locale.ROOT);
    int unit = digits.isEmpty() ? -1 : UNITS.indexOf(digits.charAt(digits.length() - 1));
    if (unit >= 0) {
      digits = digits.substring(0, digits.length() - 1);
    }
    try {
      return Math.multiplyExact(Long.parseLong(digits), 1L << UNIT_BITS * (unit + 1));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new TypeConversionException("\"" + text + "\" is no amount, as 4096, 64k or 8g are");
    }
  }
}
