package dev.rszshm.heap.internal.raw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawAccessTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 8, 1L << 30, (1L << 47) - 8, (1L << 57) + 4096, (1L << 62) - 8})
  void theAddressOfAWordIsWhatItWas(long address) {
    assertEquals(address, RawAccess.ofWord(address));
  }
}
