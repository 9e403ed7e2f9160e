package dev.rszshm.tests.guide;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.testkit.faults.ThrowAnywhere;
import dev.rszshm.testkit.process.ScratchDirectory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ErrorAnywhereTest {
  private int runs;

  @Test
  void theLogGoesOnAfterAnErrorAtAnyAccess() throws Exception {
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      ThrowAnywhere.on(Platform.host())
          .run(
              point -> {
                Path path = directory.path().resolve("log" + runs++);
                try (Heap heap = Heap.builder().platform(point.platform()).create(path)) {
                  SharedLog log = new SharedLog(heap, heap.dataOffset());
                  point.act(() -> log.append(11));
                  log.append(22);
                  assertTrue(log.entries().contains(22L));
                }
              });
    }
  }
}
