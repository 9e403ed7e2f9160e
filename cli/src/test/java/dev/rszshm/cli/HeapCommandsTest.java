package dev.rszshm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.Heap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HeapCommandsTest {
  private static final int HELP_LINES = 24;
  private static final int SCREEN_LINES = 40;
  private static final int SCREEN_COLUMNS = 80;

  @TempDir Path directory;
  private SampleHeap sample;
  private String heap;

  @BeforeEach
  void make() throws Exception {
    heap = directory.resolve("heap").toString();
    sample = new SampleHeap(directory.resolve("heap"));
  }

  @AfterEach
  void close() {
    sample.close();
  }

  private static String out(String... words) {
    Command.Result result = Command.run(words);
    assertEquals("", result.err());
    assertEquals(0, result.status(), result.out());
    return result.out();
  }

  private static void assertFails(int status, String message, String... words) {
    Command.Result result = Command.run(words);
    assertEquals(status, result.status(), result.err());
    assertTrue(result.err().contains(message), result.err());
  }

  @Test
  void aPipeIsNoDirectoryAndNobodyWaitsForIt() throws Exception {
    String pipe = directory.resolve("pipe").toString();
    assertEquals(0, new ProcessBuilder("mkfifo", pipe).start().waitFor());
    assertTimeoutPreemptively(
        Duration.ofMinutes(3),
        () -> {
          assertFails(1, "is no directory that can be read", "ls", pipe);
          assertFails(1, "is no directory that can be read", "reap", "--yes", pipe);
          assertFails(1, "is no directory", "reap", "--yes", directory.resolve("none").toString());
        });
  }

  @Test
  void lsTellsWhoLives() {
    Heap.builder().create(directory.resolve("unused")).close();
    Heap.builder().plain().create(directory.resolve("plain")).close();
    List<String> lines = out("ls", directory.toString()).lines().toList();
    assertTrue(lines.get(1).matches(".*/heap +used .*[0-9]+ \\(tester\\)"), lines.get(1));
    assertTrue(lines.get(2).matches(".*/plain +plain .*cannot be seen"), lines.get(2));
    assertTrue(lines.get(3).matches(".*/unused +unused .*nobody"), lines.get(3));
    assertFails(1, "is no directory", "ls", directory.resolve("none").toString());
  }

  @Test
  void lsAndReapLeaveAloneWhatIsNoHeap() throws IOException {
    Files.write(directory.resolve("zeros"), new byte[8192]);
    Files.writeString(directory.resolve("text"), "x".repeat(8192));
    Files.createSymbolicLink(directory.resolve("link"), sample.path);
    assertEquals(2, out("ls", directory.toString()).lines().count());
    out("reap", "--yes", directory.toString());
    assertTrue(Files.exists(directory.resolve("zeros")));
    assertTrue(Files.exists(sample.path));
  }

  @Test
  void reapRemovesWhatNobodyUsesAndAsksBefore() throws Exception {
    Path unused = directory.resolve("unused");
    Heap.builder().create(unused).close();
    assertEquals("nothing to remove\n", out("reap", "--older-than", "1h", directory.toString()));
    assertTrue(out("reap", "--dry-run", directory.toString()).startsWith(unused + "  "));
    Command.Result unanswered = // standard input is at its end
        Command.fork(directory, List.of(), "reap", directory.toString());
    assertEquals(2, unanswered.status(), unanswered.err());
    assertTrue(Files.exists(unused));
    assertEquals("removed " + unused + "\n", out("reap", "--yes", directory.toString()));
    assertFalse(Files.exists(unused));
    assertTrue(Files.exists(sample.path));
  }

  @Test
  void rootsSaysWhatEachIs() {
    sample.accounts.lock();
    String roots = out("roots", heap);
    sample.accounts.unlock();
    for (String text :
        List.of(
            "map of 100 entries",
            "channel with 2 of 8 messages, 1 sender, 0 receivers",
            "topic with 1 of 4 messages",
            "request channel with 0 of 4 messages",
            "object of 2 bytes, written once",
            "robust semaphore, 2 of 3 permits left",
            "mutex, held by process " + ProcessHandle.current().pid() + " (tester), thread ",
            "64 bytes of type 0x7")) {
      assertTrue(roots.contains(text), text + " in\n" + roots);
    }
  }

  @Test
  void locksShowsWhoHasThem() {
    assertFalse(out("locks", "--busy", heap).contains("accounts"));
    sample.accounts.lock();
    assertTrue(out("locks", "--busy", heap).contains("accounts  mutex, held by process "));
    sample.accounts.unlock();
    assertTrue(out("locks", heap).contains("jobs"));
  }

  @Test
  void dumpShowsContentAndTakesNothing() {
    assertEquals("\"first\"\n\"second\"\n", out("dump", heap, "jobs"));
    assertEquals("\"first\"\n\"second\"\n", out("dump", heap, "jobs"));
    assertEquals(100, out("dump", heap, "names").lines().count());
    assertEquals(6, out("dump", "--most", "5", heap, "names").lines().count());
    assertTrue(out("dump", heap, "words").contains(" 2a 00 00 00"));
    assertTrue(out("dump", "--hex", heap, "jobs").contains("RSZCHANL"));
    assertFails(1, "there is no root \"none\"; there are accounts", "dump", heap, "none");
  }

  @Test
  void valuesAreReadAndSet() {
    assertEquals("\"value 3\"\n", out("get", heap, "names", "key 3"));
    out("put", heap, "names", "key 3", "three");
    assertEquals("\"three\"\n", out("get", heap, "names", "key 3"));
    assertEquals("42\n", out("get", heap, "words", "8"));
    out("put", heap, "words", "8", "-1");
    assertEquals("-1\n", out("get", heap, "words", "8"));
    assertFails(1, "has no key", "get", heap, "names", "none");
    assertFails(2, "multiple of 8", "get", heap, "words", "4");
    assertFails(2, "'apple' is no number: say an offset", "get", heap, "words", "apple");
    assertFails(2, "multiple of 8", "get", heap, "words", "64");
    assertFails(1, "of which single values cannot be named", "get", heap, "jobs", "1");
  }

  @Test
  void createGrowAndTrim() {
    Path other = directory.resolve("other");
    assertEquals(
        other + "\n", out("create", "--span", "1GiB", "--length", "64K", other.toString()));
    assertEquals("healthy", verdict(other));
    assertTrue(out("grow", "--to", "64MiB", other.toString()).startsWith("67,108,864 bytes"));
    assertTrue(out("trim", other.toString()).startsWith("gave back "));
    String shrunk = out("shrink", other.toString());
    assertTrue(shrunk.startsWith("the file is "), shrunk);
    assertEquals("the file is 0 bytes shorter\n", out("shrink", other.toString()));
    assertEquals("healthy", verdict(other));
    try (Heap heap = Heap.builder().anyAddress().attach(other)) {
      assertFails(1, "is attached for writing", "shrink", other.toString());
      assertTrue(heap.isOpen());
    }
    assertFails(1, "already", "create", other.toString());
    assertFails(2, "is not a whole number of bytes", "create", "--span", "1.5G", other.toString());
    Path raw = directory.resolve("raw");
    out("create", "--raw", raw.toString());
    assertFails(1, "no allocator", "trim", raw.toString());
    assertFails(1, "no allocator", "shrink", raw.toString());
    try (Heap heap = Heap.builder().anyAddress().attach(raw)) {
      heap.putLong(heap.dataOffset(), 0x4000003);
    }
    for (String command : List.of("roots", "stat", "locks")) {
      assertFails(1, "there is no allocator. The content is", command, raw.toString());
    }
    assertFails(1, "there is no allocator. The content is", "get", raw.toString(), "x", "y");
    out("recover", raw.toString());
    assertEquals("sound", verdict(raw));
  }

  private static String verdict(Path path) {
    String first = Command.run("check", path.toString()).out().lines().findFirst().orElse("");
    return first.substring(first.lastIndexOf(' ') + 1);
  }

  @Test
  void statAndParticipantsCount() {
    String stat = out("stat", heap);
    assertTrue(stat.contains("roots          23\n"), stat);
    assertTrue(out("participants", heap).contains("alive"), stat);
  }

  @Test
  void vanishedEmptyForeignAndPlainHeapsAreToldApart() throws IOException {
    Path plain = directory.resolve("plain");
    Heap.builder().plain().create(plain).close();
    Path empty = Files.createFile(directory.resolve("empty"));
    Path text = Files.writeString(directory.resolve("text"), "no heap at all, but a text of lines");
    for (String command : List.of("roots", "stat", "locks", "trim", "participants", "check")) {
      assertFails(1, "there is no heap", command, directory.resolve("none").toString());
      assertFails(1, "is not a heap", command, text.toString());
    }
    for (String command : List.of("roots", "stat", "locks", "trim")) {
      assertFails(1, "plain file", command, plain.toString());
      assertFails(1, "no header yet", command, empty.toString());
    }
    assertEquals("sound", verdict(plain));
    assertEquals("damaged", verdict(empty));
    byte[] newer = Files.readAllBytes(sample.path);
    newer[32] = 99;
    Path file = Files.write(directory.resolve("newer"), newer);
    assertFails(1, "Use a newer version", "roots", file.toString());
    assertTrue(out("ls", file.toString()).contains("newer"));
    String check = Command.run("check", file.toString()).out();
    assertTrue(check.contains("use rszshm of the version that made it"), check);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ls",
        "info",
        "roots",
        "stat",
        "participants",
        "locks",
        "map",
        "dump",
        "get",
        "put",
        "drop",
        "check",
        "recover",
        "create",
        "grow",
        "trim",
        "shrink",
        "snapshot",
        "restore",
        "rm",
        "reap",
        "bench",
        "fill",
        "wordcount",
        "man",
        "completion"
      })
  void helpFitsAScreenAndHasAnExample(String command) {
    String help = out(command, "--help");
    assertTrue(help.lines().count() <= HELP_LINES, help);
    assertTrue(help.lines().allMatch(line -> line.length() <= SCREEN_COLUMNS), help);
    assertTrue(help.contains("  rszshm " + command), help);
  }

  @Test
  void overviewFitsAScreen() {
    String overview = out();
    assertTrue(overview.lines().count() <= SCREEN_LINES, overview);
  }

  @Test
  void completionIsAScriptThatBashTakes() throws Exception {
    Path script = directory.resolve("completion.bash");
    Files.writeString(script, out("completion"));
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                "source "
                    + script
                    + "; COMP_WORDS=(rszshm che); COMP_CWORD=1; COMP_LINE='rszshm"
                    + " che'; _complete_rszshm; echo \"${COMPREPLY[@]}\"")
            .redirectErrorStream(true)
            .start();
    assertEquals("check", new String(bash.getInputStream().readAllBytes()).strip());
    assertEquals(0, bash.waitFor());
    assertTrue(CommandLine.VERSION.startsWith("4."));
  }

  /** What fish would offer after these words. */
  private static List<String> fish(Path script, String words) throws Exception {
    Process fish =
        new ProcessBuilder(
                "fish", "--no-config", "-c", "source " + script + "; complete -C '" + words + "'")
            .redirectErrorStream(true)
            .start();
    List<String> offered =
        new String(fish.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertEquals(0, fish.waitFor(), offered.toString());
    return offered;
  }

  @Test
  void completionIsAScriptThatFishTakes() throws Exception {
    Path script = directory.resolve("rszshm.fish");
    Files.writeString(script, out("completion", "fish"));
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "fish"))),
        "there is no fish on this machine");
    assertEquals(
        List.of("check\tLooks for everything that can be wrong with heaps."),
        fish(script, "rszshm che"));
    assertTrue(fish(script, "rszshm snapshot --pa").get(0).startsWith("--pause"));
    assertEquals(List.of("bash", "fish", "zsh"), fish(script, "rszshm completion "));
    assertTrue(fish(script, "rszshm info /dev/sh").contains("/dev/shm/"));
  }

  @Test
  void manualPagesAreThereForEachCommandAndCanBeRead() throws Exception {
    Path pages = directory.resolve("man1");
    out("man", pages.toString());
    String check = Files.readString(pages.resolve("rszshm-check.1"));
    assertTrue(check.startsWith(".TH RSZSHM-CHECK 1 "), check);
    for (String section : List.of("NAME", "SYNOPSIS", "OPTIONS", "VERDICTS", "EXAMPLE")) {
      assertTrue(check.contains("\n.SH " + section + "\n"), section + " in " + check);
    }
    assertTrue(Files.exists(pages.resolve("rszshm.1")));
    try (var files = Files.list(pages)) {
      assertTrue(files.count() >= 20);
    }
  }

  @Test
  void topShowsChannelsAndWhoIsThere() {
    String once = out("top", "--once", heap);
    assertTrue(once.contains("jobs: channel with 2 of 8 messages"), once);
    assertTrue(once.contains("1 attached"), once);
    assertFalse(once.contains("in use █"), once);
    assertTrue(out("top", "--count", "3", "--interval", "0.01", heap).contains("in use ███"));
    assertFails(2, "--interval is from", "top", "--interval", "0", heap);
  }

  @Test
  void nothingIsSaidIfNobodyReadsTheOutputAnyMore() throws Exception {
    List<String> command = new ArrayList<>(List.of("bash", "-c"));
    command.add("exec 3> >(exit); wait $!; exec \"$@\" >&3");
    command.add("bash");
    command.addAll(Command.java(Main.class, List.of(), "dump", heap, "jobs"));
    Path said = directory.resolve("said");
    Process process = new ProcessBuilder(command).redirectError(said.toFile()).start();
    assertEquals(141, process.waitFor());
    assertEquals("", Files.readString(said));
  }

  @Test
  void topGoesOnWhenTheHeapIsRemoved() throws Exception {
    Process top =
        new ProcessBuilder(
                Command.java(
                    Main.class, List.of(), "top", "--interval", "0.1", "--count", "1000000", heap))
            .redirectInput(new java.io.File("/dev/null"))
            .start();
    try (var lines = top.inputReader()) {
      assertTrue(lines.readLine().startsWith(heap));
      assertTrue(sample.heap().unlink());
      assertTrue(lines.lines().anyMatch(line -> line.contains("removed; this shows")));
    } finally {
      top.destroyForcibly().waitFor();
    }
  }

  @Test
  void heapThatIsFullIsHealthy() {
    Path path = directory.resolve("full");
    try (Heap full = Heap.builder().span(8 << 20).create(path);
        Allocator allocator = Allocator.on(full)) {
      assertThrows(
          OutOfHeapMemoryException.class,
          () -> {
            for (int i = 0; i < 100_000; i++) {
              allocator.allocate(1000);
            }
          });
      assertEquals("healthy", verdict(path));
      assertTrue(out("stat", path.toString()).contains(" 0 empty"));
      assertTrue(out("map", path.toString()).contains("█"));
    }
  }

  @Test
  void whatTheDeadLeftIsFoundAndRecovered() throws Exception {
    Path path = directory.resolve("left");
    Process process =
        new ProcessBuilder(Command.java(SampleHeap.class, List.of(), path.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    byte[] made = process.getInputStream().readNBytes(4);
    process.destroyForcibly().waitFor();
    assertEquals("made", new String(made));
    Command.Result check = Command.run("check", path.toString());
    assertEquals(1, check.status());
    assertTrue(check.out().contains(": recoverable\n"), check.out());
    assertTrue(check.out().contains("root \"accounts\""), check.out());
    assertTrue(check.out().contains("To do: rszshm recover " + path), check.out());
    assertTrue(check.out().contains("To do: have a program lock it"), check.out());
    List<String> lines = check.out().lines().toList();
    List<String> advice = lines.stream().filter(line -> line.contains("To do: ")).toList();
    assertEquals(advice.stream().distinct().toList(), advice, "each once");
    assertTrue(
        out("recover", "--dry-run", path.toString()).contains("would leave root \"accounts\""));
    assertTrue(out("recover", "--dry-run", path.toString()).contains("would recover allocator: "));
    Command.Result recovered = Command.run("recover", path.toString());
    assertTrue(recovered.out().contains("removed 1 dead participant"), recovered.out());
    assertEquals(1, recovered.status(), "the lock is left");
    assertTrue(recovered.out().contains("left: root \"accounts\""), recovered.out());
    assertTrue(recovered.out().contains("have a program lock it"), recovered.out());
    assertFalse(recovered.out().contains("left: allocator"), recovered.out());
  }
}
