package dev.rszshm.heap.internal.memory;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.heap.spi.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(min = JRE.JAVA_22)
class SegmentMemoryTest extends MemoryContract {
  @Override
  Memory memory() {
    return new SegmentMemory();
  }

  @Test
  void orderedAccessRefusesAnUnalignedAddress() {
    long unaligned = NativeMemory.allocate(16) + 1;
    assertThrows(IllegalArgumentException.class, () -> memory().getLongAcquire(unaligned));
    assertThrows(IllegalArgumentException.class, () -> memory().getAndAddInt(unaligned, 1));
  }
}
