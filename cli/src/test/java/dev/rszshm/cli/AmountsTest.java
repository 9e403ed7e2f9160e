package dev.rszshm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmountsTest {
  @Test
  void suffixesArePowersOf1024() {
    assertEquals(17, Amounts.parse("17"));
    assertEquals(17L << 10, Amounts.parse("17K"));
    assertEquals(-3L << 20, Amounts.parse("-3M"));
    assertEquals(5L << 30, Amounts.parse("5G"));
    assertEquals(1L << 40, Amounts.parse("1T"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "K", "1k", "1.5G", "9999999T", "9223372036854775808", "0x10"})
  void whatIsNoNumberIsRefused(String text) {
    assertThrows(NumberFormatException.class, () -> Amounts.parse(text));
  }

  @Test
  void roundedFormStandsBesideAllDigits() {
    assertEquals("0 bytes", Amounts.bytes(0));
    assertEquals("1 byte", Amounts.bytes(1));
    assertEquals("4,194,276 bytes (4.0 MiB)", Amounts.bytes(4_194_276));
    assertEquals("64.0 GiB", Amounts.shortBytes(64L << 30));
  }
}
