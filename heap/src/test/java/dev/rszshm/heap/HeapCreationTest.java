package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.FileNameException;
import dev.rszshm.heap.errors.HeapExistsException;
import dev.rszshm.heap.errors.NoSuchHeapException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeapCreationTest {
  private static final int CLOSE_ON_EXEC = 02000000;
  private static final long SPAN = 1L << 20;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private static HeapBuilder small() {
    return Heap.builder().span(SPAN);
  }

  @Test
  void defaultPathIsAGeneratedPrivateDirectory() throws IOException {
    Heap heap = small().create();
    try (heap) {
      Path parent = heap.path().getParent();
      assertTrue(
          Pattern.matches("/dev/shm/rszshm_[A-Za-z0-9]{6}/0", heap.path().toString()),
          heap.path().toString());
      assertEquals("rwx------", permissions(parent));
      assertEquals("rw-------", permissions(heap.path()));
    } finally {
      assertTrue(heap.remove());
    }
    assertFalse(Files.exists(heap.path().getParent()));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void generatedNamesDiffer() {
    Set<Path> names = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      try (Heap file = small().create(directory.resolve("file_XXXXXX"));
          Heap inDirectory = small().create(directory.resolve("dir_XXXXXX").resolve("name"))) {
        assertTrue(names.add(file.path()));
        assertTrue(names.add(inDirectory.path()));
        assertEquals("name", inDirectory.path().getFileName().toString());
        assertFalse(file.path().toString().contains("X".repeat(6)));
      }
    }
  }

  /** A clash of generated names is not the user's business. */
  @Test
  void generatedNameThatIsTakenIsTriedAgain() {
    FaultySystemCalls faults = new FaultySystemCalls();
    faults.fail("link", 1, Errno.EEXIST).fail("link", 2, Errno.EEXIST);
    try (Heap heap = small().platform(faults.platform()).create(directory.resolve("f_XXXXXX"))) {
      assertEquals(3, faults.calls("link").size());
      assertTrue(Files.exists(heap.path()));
    }
  }

  @Test
  void templateElsewhereInThePathIsAName() throws IOException {
    Path odd = Files.createDirectories(directory.resolve("aXXXXXX").resolve("b"));
    try (Heap heap = small().create(odd.resolve("XXXXXXc"))) {
      assertEquals(odd.resolve("XXXXXXc"), heap.path());
    }
  }

  @Test
  void fileThatExistsIsNotTouched() throws IOException {
    Path path = directory.resolve("heap");
    Files.writeString(path, "mine");
    HeapExistsException thrown =
        assertThrows(HeapExistsException.class, () -> small().create(path));
    assertEquals(
        path + " exists already: attach to it, remove it or choose another name",
        thrown.getMessage());
    assertEquals("mine", Files.readString(path));
    Files.delete(path);
    Files.createSymbolicLink(path, directory.resolve("nowhere"));
    assertThrows(HeapExistsException.class, () -> small().create(path));
    assertFalse(Files.exists(directory.resolve("nowhere")));
    assertEquals(1, directory.toFile().list().length);
  }

  /** The same where files must have names. */
  @Test
  void fileThatExistsIsNotTouchedWithoutUnnamedFiles() throws IOException {
    Path path = directory.resolve("heap");
    Files.writeString(path, "mine");
    FaultySystemCalls faults =
        new FaultySystemCalls().fail("createUnnamed", FaultySystemCalls.EVERY, Errno.EOPNOTSUPP);
    assertThrows(HeapExistsException.class, () -> small().platform(faults.platform()).create(path));
    assertEquals("mine", Files.readString(path));
    assertEquals(1, directory.toFile().list().length);
    Files.delete(path);
    small().platform(faults.platform()).create(path).close();
    assertEquals(1, directory.toFile().list().length);
    Heap.attach(path).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing/heap", "missing/d_XXXXXX/0", "file/heap"})
  void missingDirectoryIsNamed(String name) throws IOException {
    Files.createFile(directory.resolve("file"));
    NoSuchHeapException thrown =
        assertThrows(NoSuchHeapException.class, () -> small().create(directory.resolve(name)));
    assertEquals(
        directory.resolve(name)
            + " cannot be created, because its directory does not exist: make it first",
        thrown.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "rw-rw-rw-", "rwxrwxrwx", "rw-r-----", "r--r--r--"})
  void permissionsAreExactWhateverTheUmask(String letters) throws IOException {
    HeapBuilder builder = small().permissions(PosixFilePermissions.fromString(letters));
    for (boolean plain : new boolean[] {false, true}) {
      Path path = directory.resolve(plain ? "plain" : "heap");
      try (Heap heap = (plain ? builder.plain() : builder).create(path)) {
        assertEquals(letters, permissions(path));
        assertTrue(heap.isOpen());
      }
    }
  }

  @Test
  void relativePathIsMadeAbsoluteAtOnce() {
    Path relative = Path.of("").toAbsolutePath().relativize(directory.resolve("heap"));
    assertFalse(relative.isAbsolute());
    try (Heap heap = small().create(relative)) {
      assertTrue(heap.path().isAbsolute());
      assertEquals(directory.resolve("heap"), heap.path().normalize());
      assertTrue(heap.remove());
    }
  }

  /** Seeds 1.3, number 22. */
  @Test
  void descriptorsAreNotInheritedByPrograms() {
    try (Heap named = small().create(directory.resolve("heap"));
        Heap attached = Heap.builder().anyAddress().attach(directory.resolve("heap"));
        Heap inMemory = small().createAnonymous()) {
      Set<Integer> descriptors = new HashSet<>(ProcSelf.descriptorsOf(directory.toString()));
      descriptors.addAll(ProcSelf.descriptorsOf("/memfd:rszshm"));
      assertEquals(3, descriptors.size());
      for (int descriptor : descriptors) {
        assertTrue((ProcSelf.flagsOf(descriptor) & CLOSE_ON_EXEC) != 0, "flags of " + descriptor);
      }
      assertTrue(named.isOpen() && attached.isOpen() && inMemory.isOpen());
    }
    FaultySystemCalls faults =
        new FaultySystemCalls().fail("createUnnamed", FaultySystemCalls.EVERY, Errno.EOPNOTSUPP);
    try (Heap heap = small().platform(faults.platform()).create(directory.resolve("other"))) {
      int descriptor = ProcSelf.descriptorsOf(directory.toString()).get(0);
      assertTrue((ProcSelf.flagsOf(descriptor) & CLOSE_ON_EXEC) != 0);
      assertTrue(heap.isOpen());
    }
  }

  @Test
  void heapIsSeenUnderItsNameOnlyWhenItIsComplete() {
    Path path = directory.resolve("heap");
    FaultySystemCalls faults = new FaultySystemCalls();
    for (String earlier : new String[] {"setMode", "allocate", "write", "overlay", "link"}) {
      faults.before(earlier, 1, () -> assertFalse(Files.exists(path), earlier));
    }
    faults.after("link", 1, () -> Heap.builder().anyAddress().attach(path).close());
    small().platform(faults.platform()).create(path).close();
    assertEquals(1, faults.calls("link").size());
  }

  @Test
  void lengthCountsContentAndIsRoundedToAPage() {
    int page = SystemCalls.host().pageSize();
    for (long length : new long[] {1, page - 24, page - 23, page, 10L * page + 1}) {
      try (Heap heap = small().plain().length(length).createAnonymous()) {
        assertEquals((length + 24 + page - 1) / page * page, heap.length());
        assertEquals(24, heap.dataOffset());
      }
      try (Heap heap = small().length(length).createAnonymous()) {
        assertEquals(heap.dataOffset() + (length + page - 1) / page * page, heap.length());
        assertEquals(0, heap.dataOffset() % page);
      }
    }
    try (Heap heap = small().length(SPAN - 24).plain().createAnonymous()) {
      assertEquals(SPAN, heap.length());
    }
    assertThrows(
        IllegalArgumentException.class, () -> small().length(SPAN - 23).plain().createAnonymous());
  }

  @Test
  void newHeapIsZero() {
    try (Heap heap = small().length(100_000).create(directory.resolve("heap"))) {
      for (byte b : heap.getBytes(heap.dataOffset(), 100_000)) {
        assertEquals(0, b);
      }
    }
  }

  @Test
  void anonymousHeapCannotBeTruncatedAndGrows() {
    try (Heap heap = small().createAnonymous()) {
      int descriptor = ProcSelf.descriptorsOf("/memfd:rszshm").get(0);
      SystemCallException thrown =
          assertThrows(
              SystemCallException.class, () -> SystemCalls.host().truncate(descriptor, 4096));
      assertEquals(Errno.EPERM, thrown.errno());
      long grown = heap.grow();
      heap.putByte(grown - 1, (byte) 6);
      try (Heap other = Heap.builder().anyAddress().attach(heap.path())) {
        assertEquals(6, other.getByte(grown - 1));
        assertEquals(heap.id(), other.id());
      }
      assertFalse(heap.unlink());
      assertFalse(heap.remove());
    }
  }

  @Test
  void everyHeapHasAnIdOfItsOwn() {
    try (Heap one = small().createAnonymous();
        Heap two = small().createAnonymous();
        Heap plain = small().plain().createAnonymous()) {
      assertNotEquals(one.id(), two.id());
      assertTrue(one.id().isPresent());
      assertTrue(plain.id().isEmpty());
    }
  }

  @Test
  void openMakesAHeapOrAttachesToIt() throws IOException {
    Path path = directory.resolve("heap");
    long offset;
    try (Heap made = small().open(path)) {
      offset = made.dataOffset();
      made.putLong(offset, 77);
    }
    try (Heap attached = small().open(path)) {
      assertEquals(77, attached.getLong(offset));
    }
    Files.delete(path);
    FaultySystemCalls faults = new FaultySystemCalls();
    faults.before("link", 1, () -> small().create(path).close());
    try (Heap late = small().platform(faults.platform()).open(path)) {
      assertTrue(late.isOpen(), "somebody else made it first");
    }
  }

  @Test
  void builderRefusesWhatMakesNoSense() {
    assertThrows(IllegalArgumentException.class, () -> small().participants(0));
    assertThrows(IllegalArgumentException.class, () -> small().participants(65_537));
    assertThrows(
        IllegalArgumentException.class, () -> small().readOnly().create(directory.resolve("h")));
    assertThrows(IllegalArgumentException.class, () -> small().create(Path.of("/")));
    assertThrows(
        IllegalArgumentException.class,
        () -> small().growthTimeout(java.time.Duration.ofNanos(-1)));
    assertThrows(
        IllegalArgumentException.class, () -> small().readyTimeout(java.time.Duration.ofDays(-1)));
    assertEquals(0, directory.toFile().list().length);
  }

  /** Each reserves a place of its own; small ones do not take that of large ones. */
  @Test
  void hundredsOfSmallHeapsAreOpenAtOnce() {
    List<Heap> heaps = new ArrayList<>();
    try {
      for (int i = 0; i < 400; i++) {
        heaps.add(Heap.builder().span(1 << 20).createAnonymous());
      }
      assertEquals(400, heaps.stream().mapToLong(Heap::base).distinct().count());
    } finally {
      heaps.forEach(Heap::close);
    }
  }

  @Test
  void aNameThatIsTooLongIsRefusedAndTheLongestIsNot() {
    Path part = directory.resolve("n".repeat(256));
    Path whole = directory;
    while (whole.toString().length() < 4400) {
      whole = whole.resolve("d".repeat(200));
    }
    for (Path path : List.of(part, whole, directory.resolve("\u00e4".repeat(128)))) {
      for (Executable call :
          List.<Executable>of(
              () -> small().create(path), () -> Heap.attach(path), () -> small().open(path))) {
        FileNameException refused = assertThrows(FileNameException.class, call);
        assertTrue(refused.getMessage().contains("a part may have 255 bytes"));
      }
    }
    Path longest = directory.resolve("n".repeat(255));
    small().create(longest).close();
    Heap.attach(longest).close();
    FaultySystemCalls faults = new FaultySystemCalls();
    faults.fail("createUnnamed", FaultySystemCalls.EVERY, Errno.EOPNOTSUPP);
    Path hidden = directory.resolve("h".repeat(255));
    small().platform(faults.platform()).create(hidden).close();
    Heap.attach(hidden).close();
  }
}
