package dev.rszshm.tests;

import dev.rszshm.testkit.process.ScratchDirectory;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Temporary directories where heaps usually live; elsewhere if this machine has no such place. They
 * go even when the test's JVM is killed.
 */
public final class InMemory implements TempDirFactory {
  @Override
  public Path createTempDirectory(
      AnnotatedElementContext elementContext, ExtensionContext extensionContext) {
    return ScratchDirectory.inMemory().path();
  }
}
