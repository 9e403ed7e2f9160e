package dev.rszshm.heap.internal.os;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes a heap and says how that went. */
final class NativeLibraryMain {
  private NativeLibraryMain() {}

  public static void main(String[] arguments) throws IOException {
    for (int i = 0; i < 2; i++) {
      try (Heap heap = Heap.builder().span(1 << 20).createAnonymous()) {
        System.out.println("works: " + heap.isOpen());
      } catch (HeapException e) {
        System.out.println(e.kind() + ": " + e.getMessage());
      }
    }
    if (arguments.length > 0) { // tells from where the library was loaded
      Files.readString(Path.of("/proc/self/maps"))
          .lines()
          .filter(line -> line.contains("jffi") && line.contains(".so"))
          .limit(1)
          .forEach(System.out::println);
    }
  }
}
