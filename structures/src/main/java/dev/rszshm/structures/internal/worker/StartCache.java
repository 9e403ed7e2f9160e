package dev.rszshm.structures.internal.worker;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/*
 * What makes a worker start in less time: an archive of the classes that each worker loads (class data sharing; from
 * JDK 25 on an ahead-of-time cache), and the native library of jnr-ffi, which each would otherwise unpack for itself,
 * and leave behind if it is killed while it does.
 *
 * Layout
 * ------
 * In CacheDirectory:
 *   jffi-CRC-LENGTH/libjffi-1.2.so   the library, of each version that was met
 *   KEY.jsa, KEY.aot                 the archive of a JDK and of the jars of rszshm, KEY being a hash of the names,
 *                                    lengths and times of change of all of them
 *   KEY.made                         length and time of change of that archive: whoever changed it since did it harm
 *   KEY.tried                        when it was begun to make it
 *   KEY.lock                         locked by the process that makes it
 *
 * Protocol
 * --------
 * 1 Whoever starts a worker looks for the archive. If KEY.made fits it, the worker gets it.
 * 2 If not, and nobody has tried for a day, it starts ArchiveMaking, a JVM that goes on when this one ends, and starts
 *   its worker without an archive.
 * 3 ArchiveMaking takes KEY.lock, or ends; writes KEY.tried; lets a JVM do what workers do, and write its classes
 *   under a temporary name; renames that; writes KEY.made under a temporary name, and renames it.
 *
 * An archive belongs to the first entries of a class path. So the jars of rszshm and of the libraries under it come
 * first on that of a worker, in their order, and all others after them.
 *
 * If a process dies here
 * ----------------------
 * ArchiveMaking, before its last rename: there is no archive, or one without KEY.made, which nobody uses. The lock goes
 * with it. It is tried again after a day. Others: nothing is left.
 *
 * A JVM compares an archive with itself and with its class path, and goes on without one that does not fit. One that is
 * damaged can end it, so a worker that crashes before it is ready takes KEY.made with it, and the next does without.
 */
public final class StartCache {
  /** Flags with which a user or a JDK chooses archives. */
  private static final Pattern OWN_ARCHIVES =
      Pattern.compile("(^|\\s)(-Xshare|-XX:(Shared\\w*File|ArchiveClassesAtExit|AOT))");

  /** Archives that were begun by this process. */
  private static final Set<Path> BEGUN = ConcurrentHashMap.newKeySet();

  private StartCache() {}

  /**
   * What a worker gets.
   *
   * @param flags JVM flags
   * @param classPath its class path
   */
  record Start(List<String> flags, String classPath) {}

  /** Returns what is there, and lets the rest be made in the background. */
  static Start find(JavaOptions java, Map<String, String> environment, List<String> options) {
    Start none = new Start(List.of(), java.classPath());
    if (java.classPath().isEmpty() || !java.modulePath().isEmpty()) {
      return none;
    }
    Optional<Path> found =
        CacheDirectory.find(
            java.cache().orElse(System.getProperty(CacheDirectory.PROPERTY, "")), environment);
    if (found.isEmpty()) {
      return none;
    }
    Path directory = found.get();
    ClassPathScan scan = ClassPathScan.of(java.classPath());
    List<String> flags = new ArrayList<>();
    scan.library()
        .flatMap(library -> unpacked(directory, library))
        .ifPresent(unpacked -> flags.add("-Djffi.boot.library.path=" + unpacked));
    boolean chosen =
        java.flags().stream().anyMatch(flag -> OWN_ARCHIVES.matcher(flag).find())
            || options.stream().anyMatch(option -> OWN_ARCHIVES.matcher(option).find());
    if (chosen || scan.own().isEmpty()) {
      return new Start(flags, java.classPath());
    }
    Optional<Archive> wanted = Archive.of(directory, java.home(), scan.own());
    if (wanted.isEmpty()) {
      return new Start(flags, java.classPath());
    }
    Archive archive = wanted.get();
    if (archive.isUsable()) {
      flags.add(archive.useFlag());
    } else if (archive.isDue() && BEGUN.add(archive.file())) {
      ArchiveMaking.begin(archive, java.home(), List.copyOf(flags), scan.own());
    }
    List<String> classPath = new ArrayList<>(scan.own());
    classPath.addAll(scan.others());
    return new Start(flags, String.join(File.pathSeparator, classPath));
  }

  /**
   * Tells of a worker that has crashed at its start. Its archive, if it had one, is used no more.
   */
  public static void noteCrash(List<String> command) {
    Archive.distrust(command);
  }

  /** Returns the directory in which the library is; empty if it cannot be put there. */
  private static Optional<Path> unpacked(Path cache, ClassPathScan.Library library) {
    String name = "jffi-" + Long.toHexString(library.crc()) + "-" + library.length();
    Path directory = cache.resolve(name);
    Path target = directory.resolve(Path.of(library.entry()).getFileName());
    try {
      if (!isWhole(target, library)) {
        CacheDirectory.make(directory);
        Path part = Files.createTempFile(directory, "part", "");
        try (ZipFile jar = new ZipFile(library.jar());
            InputStream in = jar.getInputStream(jar.getEntry(library.entry()))) {
          Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
          CacheDirectory.close(part);
          Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          Files.deleteIfExists(part);
        }
      }
      return isWhole(target, library) ? Optional.of(directory) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static boolean isWhole(Path file, ClassPathScan.Library library) throws IOException {
    return Files.isRegularFile(file)
        && Files.size(file) == library.length()
        && CacheDirectory.isOwn(file);
  }

  /** Writes a small file as a whole. */
  static void write(Path file, String text) throws IOException {
    Path part = Files.createTempFile(file.getParent(), "part", "");
    try {
      Files.write(part, text.getBytes(StandardCharsets.UTF_8));
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
