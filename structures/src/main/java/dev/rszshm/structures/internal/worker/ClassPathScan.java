package dev.rszshm.structures.internal.worker;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What of rszshm and of the libraries under it is on a class path.
 *
 * @param own the jars that have it, in their order; empty if part of it is in no jar
 * @param others all other entries, in their order
 * @param library the jar that has the native library, and the entry
 */
record ClassPathScan(List<String> own, List<String> others, Optional<Library> library) {
  /** A native library in a jar. */
  record Library(String jar, String entry, long length, long crc) {}

  /** One class of each jar that workers need. */
  private static final List<String> MARKS =
      List.of(
          "dev/rszshm/heap/Heap.class",
          "dev/rszshm/sync/RobustLock.class",
          "dev/rszshm/allocator/Allocator.class",
          "dev/rszshm/structures/worker/WorkerBody.class",
          "jnr/ffi/LibraryLoader.class",
          "com/kenai/jffi/Platform.class",
          "org/objectweb/asm/ClassWriter.class",
          "org/objectweb/asm/tree/ClassNode.class",
          "org/objectweb/asm/tree/analysis/Analyzer.class",
          "org/objectweb/asm/commons/GeneratorAdapter.class",
          "org/objectweb/asm/util/Printer.class",
          "jnr/x86asm/Assembler.class",
          "jnr/a64asm/Assembler_A64.class");

  private static final Map<String, ClassPathScan> KNOWN = new ConcurrentHashMap<>();

  /** Looks at each entry, once. */
  static ClassPathScan of(String classPath) {
    return KNOWN.computeIfAbsent(classPath, ClassPathScan::scan);
  }

  private static ClassPathScan scan(String classPath) {
    List<String> own = new ArrayList<>();
    List<String> others = new ArrayList<>();
    boolean inJars = true;
    Optional<Library> library = Optional.empty();
    for (String entry : classPath.split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.isRegularFile(path)) {
        try (ZipFile jar = new ZipFile(entry)) {
          boolean isOwn = MARKS.stream().anyMatch(mark -> jar.getEntry(mark) != null);
          (isOwn ? own : others).add(path.toAbsolutePath().toString());
          if (library.isEmpty()) {
            library = library(entry, jar);
          }
          continue;
        } catch (IOException e) {
          // What is no jar has nothing of it.
        }
      }
      inJars &= MARKS.stream().noneMatch(mark -> Files.exists(path.resolve(mark)));
      others.add(entry);
    }
    return new ClassPathScan(inJars ? List.copyOf(own) : List.of(), List.copyOf(others), library);
  }

  private static Optional<Library> library(String path, ZipFile jar) {
    String name = libraryEntry();
    ZipEntry entry = jar.getEntry(name);
    return entry == null
        ? Optional.empty()
        : Optional.of(new Library(path, name, entry.getSize(), entry.getCrc()));
  }

  private static String libraryEntry() {
    String architecture = System.getProperty("os.arch");
    String processor = architecture.equals("amd64") ? "x86_64" : architecture;
    return "jni/" + processor + "-Linux/" + System.mapLibraryName("jffi-1.2");
  }
}
