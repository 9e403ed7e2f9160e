package dev.rszshm.heap.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Makes temporary directories in memory, where heaps usually live. */
public final class SharedMemoryDirectory implements TempDirFactory {
  @Override
  public Path createTempDirectory(
      AnnotatedElementContext elementContext, ExtensionContext extensionContext)
      throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.isDirectory(memory)
        ? Files.createTempDirectory(memory, "rszshm-test")
        : Files.createTempDirectory("rszshm-test");
  }
}
