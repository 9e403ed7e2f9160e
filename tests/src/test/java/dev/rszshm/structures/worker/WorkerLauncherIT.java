package dev.rszshm.structures.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.worker.errors.WorkerStartException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class WorkerLauncherIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Says what it was told, and where it is. */
  public static final class Echo implements WorkerBody {
    @Override
    public void run(WorkerContext context) {
      context.ready();
      context.arguments().forEach(System.out::println);
      System.out.println(context.starter());
      System.out.println(System.getenv("RSZSHM_TEST") + " " + System.getenv("RSZSHM_GONE"));
      System.out.println(System.getProperty("user.dir"));
      System.out.println(System.getProperty("a.property"));
      System.out.println(Runtime.getRuntime().maxMemory() < 64 << 20);
      System.err.println("done");
    }
  }

  /** A program like any other. */
  public static final class Program {
    private Program() {}

    /** Says its words. */
    public static void main(String[] words) {
      System.out.println("main " + String.join(",", words));
    }
  }

  /** Ends before it is ready. */
  public static final class Early implements WorkerBody {
    @Override
    public void run(WorkerContext context) {
      System.err.println("not today");
      System.exit(7);
    }
  }

  /** Says why on its standard output, and ends before it is ready. */
  public static final class Outspoken implements WorkerBody {
    @Override
    public void run(WorkerContext context) {
      System.out.println("the reason of all");
      System.exit(8);
    }
  }

  /** Leaves a child that has its streams, says which, and ends. */
  public static final class Parent implements WorkerBody {
    @Override
    public void run(WorkerContext context) throws Exception {
      context.ready();
      Process child = new ProcessBuilder("sleep", "600").inheritIO().start();
      System.out.println(child.pid());
      System.err.println("the last words");
    }
  }

  /** Fails. */
  public static final class Failing implements WorkerBody {
    @Override
    public void run(WorkerContext context) {
      context.ready();
      throw new IllegalStateException("this has failed");
    }
  }

  /** Waits for its end. */
  public static final class Idle implements WorkerBody {
    @Override
    public void run(WorkerContext context) throws InterruptedException {
      context.ready();
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  /** Is ready when the file that is its argument is there, and waits for its end. */
  public static final class Late implements WorkerBody {
    @Override
    public void run(WorkerContext context) throws InterruptedException {
      while (!Files.exists(Path.of(context.arguments().get(0)))) {
        Thread.sleep(1);
      }
      context.ready();
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  private final List<WorkerLine> lines = new CopyOnWriteArrayList<>();

  private WorkerSpec collecting(WorkerSpec spec) {
    return spec.withOutput(WorkerOutput.toConsumer(lines::add)).withMaximumHeap(32 << 20);
  }

  private List<String> output() {
    return lines.stream()
        .filter(line -> line.source() == WorkerLine.Source.OUTPUT)
        .map(WorkerLine::text)
        .toList();
  }

  @Test
  void workerGetsWhatItsSpecificationSays(@TempDir Path directory) throws Exception {
    String odd = "two words\n\u00e4 \ud83d\ude00 \ud800 '\"$";
    WorkerSpec spec =
        collecting(WorkerSpec.of(Echo.class))
            .withName("echo")
            .withArguments("one", "", odd.replace("\n", " "))
            .withEnvironment("RSZSHM_TEST", "here")
            .withoutEnvironment("PATH")
            .withWorkingDirectory(directory)
            .withJvmFlags("-Dfile.encoding=UTF-8")
            .withSystemProperty("a.property", "of mine");
    try (WorkerProcess worker = WorkerLauncher.start(spec)) {
      assertTrue(worker.awaitReady(LIMIT));
      WorkerExit exit = worker.awaitExit(LIMIT).orElseThrow();
      assertTrue(exit.isSuccess(), exit::toString);
      assertEquals(List.of("done"), exit.lastErrors());
      assertEquals("echo", lines.get(0).worker());
      assertEquals(worker.pid(), lines.get(0).pid());
      List<String> output = output();
      assertEquals(List.of("one", ""), output.subList(0, 2));
      assertEquals(Long.toString(ProcessHandle.current().pid()), output.get(3));
      assertEquals("here null", output.get(4));
      assertEquals(directory.toRealPath().toString(), output.get(5));
      assertEquals("of mine", output.get(6));
      assertEquals("true", output.get(7));
    }
  }

  @Test
  void argumentsMayBeLong() throws Exception {
    String megabyte = "x".repeat(1 << 20);
    WorkerSpec spec = collecting(WorkerSpec.of(Echo.class)).withArguments(megabyte, megabyte);
    try (WorkerProcess worker = WorkerLauncher.start(spec)) {
      assertTrue(worker.awaitExit(LIMIT).orElseThrow().isSuccess());
      long letters =
          output().stream().filter(line -> line.startsWith("x")).mapToLong(String::length).sum();
      assertEquals(2 << 20, letters);
    }
  }

  @Test
  void classPathMayBeLong() throws Exception {
    String mark = UUID.randomUUID().toString();
    StringBuilder path = new StringBuilder(System.getProperty("java.class.path"));
    for (int i = 0; path.length() < 200 << 10; i++) {
      path.append(File.pathSeparator).append("/no/such place/\u00e4 \"quoted\" \\ ").append(i);
    }
    path.append(File.pathSeparator).append(mark);
    WorkerSpec spec =
        collecting(WorkerSpec.ofMain(Program.class.getName()))
            .withClassPath(path.toString())
            .withSystemProperty("odd", "two words\t#\"'");
    try (WorkerProcess worker = WorkerLauncher.start(spec)) {
      assertTrue(worker.awaitReady(LIMIT));
      assertTrue(worker.awaitExit(LIMIT).orElseThrow().isSuccess());
      assertEquals(List.of("main "), output());
    }
    WorkerStartException failed =
        assertThrows(
            WorkerStartException.class,
            () -> {
              WorkerSpec wrong = spec.withJvmFlags("-XX:+NoSuchFlag");
              try (WorkerProcess worker = WorkerLauncher.start(wrong)) {
                worker.awaitReady(LIMIT);
              }
            });
    assertTrue(failed.getMessage().contains("NoSuchFlag"), failed::getMessage);
    assertTrue(failed.getMessage().length() < 20_000, () -> "a class path for nobody to read");
    assertEquals(List.of(), argumentFilesWith(mark));
  }

  private static List<Path> argumentFilesWith(String text) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.toString().endsWith(".args"))
          .filter(file -> contains(file, text))
          .toList();
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      return false; // the file of a start elsewhere, which is over
    }
  }

  @Test
  void childThatAWorkerLeavesHoldsNothingOfItsStarter() throws Exception {
    try (WorkerProcess worker = WorkerLauncher.start(collecting(WorkerSpec.of(Parent.class)))) {
      WorkerExit exit = worker.awaitExit(LIMIT).orElseThrow();
      assertEquals(List.of("the last words"), exit.lastErrors());
      ProcessHandle child = ProcessHandle.of(Long.parseLong(output().get(0))).orElseThrow();
      try {
        for (Thread pump : Thread.getAllStackTraces().keySet()) {
          if (pump.getName().endsWith("-of-" + worker.pid())) {
            pump.join(LIMIT.toMillis());
            assertFalse(pump.isAlive(), pump::getName);
          }
        }
        assertTrue(child.isAlive());
      } finally {
        child.destroyForcibly();
      }
    }
  }

  @Test
  void outputOfAWorkerThatDoesNotStartIsInTheError() throws Exception {
    assertFails(WorkerSpec.of(Outspoken.class), "the reason of all");
  }

  @Test
  void mainMethodIsRunAndReadyWhenItBegins() throws Exception {
    WorkerSpec spec =
        collecting(WorkerSpec.ofMain(Program.class.getName())).withArguments("a", "b");
    try (WorkerProcess worker = WorkerLauncher.start(spec)) {
      assertTrue(worker.awaitReady(LIMIT));
      assertTrue(worker.awaitExit(LIMIT).orElseThrow().isSuccess());
      assertEquals(List.of("main a,b"), output());
    }
  }

  @Test
  void workerIsTerminatedOrKilledAndSaysBySignalHow() throws Exception {
    try (WorkerProcess first = WorkerLauncher.start(collecting(WorkerSpec.of(Idle.class)));
        WorkerProcess second = WorkerLauncher.start(collecting(WorkerSpec.of(Idle.class)))) {
      assertTrue(first.awaitReady(LIMIT));
      assertTrue(second.awaitReady(LIMIT));
      assertTrue(first.isAlive());
      assertTrue(first.exited().isEmpty());
      assertTrue(first.awaitExit(Duration.ZERO).isEmpty());
      first.terminate();
      second.kill();
      assertEquals("SIGTERM", first.awaitExit(LIMIT).orElseThrow().signal().orElseThrow());
      assertEquals("SIGKILL", second.onExit().get().signal().orElseThrow());
      assertEquals("signal 9 (SIGKILL)", second.exited().orElseThrow().describe());
      assertFalse(second.isAlive());
    }
  }

  @Test
  void timeOfWaitingForReadinessEnds(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("now");
    WorkerSpec spec = collecting(WorkerSpec.of(Late.class)).withArguments(file.toString());
    try (WorkerProcess worker = WorkerLauncher.start(spec)) {
      assertFalse(worker.awaitReady(Duration.ZERO));
      assertFalse(worker.awaitReady(Duration.ofMillis(1)));
      Files.createFile(file);
      assertTrue(worker.awaitReady(Duration.ofSeconds(Long.MAX_VALUE)));
    }
  }

  @Test
  void exceptionOfABodyIsOnItsStandardError() throws Exception {
    try (WorkerProcess worker = WorkerLauncher.start(collecting(WorkerSpec.of(Failing.class)))) {
      WorkerExit exit = worker.awaitExit(LIMIT).orElseThrow();
      assertEquals(1, exit.status());
      assertTrue(
          exit.lastErrors().get(0).contains("IllegalStateException: this has failed"),
          exit.lastErrors()::toString);
      assertTrue(worker.awaitReady(LIMIT));
    }
  }

  @Test
  void missingClassIsAnErrorWithTheWorkersWords() throws Exception {
    assertFails(WorkerSpec.ofBody("no.such.Body"), "ClassNotFoundException: no.such.Body");
  }

  @Test
  void classThatIsNoBodyIsAnError() throws Exception {
    assertFails(WorkerSpec.ofBody("java.lang.String"), "found java.lang.String, expected a class");
  }

  @Test
  void badFlagIsAnErrorWithTheWorkersWords() throws Exception {
    assertFails(WorkerSpec.of(Idle.class).withJvmFlags("-XX:+NoSuchFlag"), "NoSuchFlag");
  }

  @Test
  void tooMuchMemoryIsAnErrorWithTheWorkersWords() throws Exception {
    assertFails(WorkerSpec.of(Idle.class).withJvmFlags("-Xms1t", "-Xmx1k"), "heap");
  }

  @Test
  void wrongClassPathIsAnErrorWithTheWorkersWords() throws Exception {
    assertFails(WorkerSpec.of(Idle.class).withClassPath("/no/such.jar"), "WorkerMain");
  }

  @Test
  void earlyExitIsAnErrorWithTheWorkersWords() throws Exception {
    String message = assertFails(WorkerSpec.of(Early.class), "not today");
    assertTrue(message.contains("exit status 7"), message);
    assertTrue(message.contains("java"), message);
    assertEquals(message.indexOf("not today"), message.lastIndexOf("not today"), message);
  }

  private String assertFails(WorkerSpec spec, String words) {
    WorkerSpec quiet = spec.withOutput(WorkerOutput.discarded());
    try (WorkerProcess worker = WorkerLauncher.start(quiet)) {
      WorkerStartException e =
          assertThrows(WorkerStartException.class, () -> worker.awaitReady(LIMIT));
      assertTrue(e.getMessage().contains(words), e::getMessage);
      assertEquals("worker-start", e.kind());
      return e.getMessage();
    }
  }

  @Test
  void missingJdkIsAnErrorAtOnce() {
    WorkerSpec spec = WorkerSpec.of(Idle.class).withJavaHome(Path.of("/no/such/jdk"));
    WorkerStartException e =
        assertThrows(WorkerStartException.class, () -> WorkerLauncher.start(spec));
    assertTrue(e.getMessage().contains("/no/such/jdk/bin/java"), e::getMessage);
  }

  @Test
  void missingDirectoryIsAnErrorAtOnce() {
    WorkerSpec spec = WorkerSpec.of(Idle.class).withWorkingDirectory(Path.of("/no/such/place"));
    WorkerStartException e =
        assertThrows(WorkerStartException.class, () -> WorkerLauncher.start(spec));
    assertTrue(e.getMessage().contains("/no/such/place"), e::getMessage);
  }

  @Test
  void interruptedThreadStartsAndStaysInterrupted() throws Exception {
    Thread.currentThread().interrupt();
    try (WorkerProcess worker = WorkerLauncher.start(collecting(WorkerSpec.of(Idle.class)))) {
      assertThrows(InterruptedException.class, () -> worker.awaitReady(LIMIT));
      assertTrue(worker.awaitReady(LIMIT));
      Thread.currentThread().interrupt();
    }
    assertTrue(Thread.interrupted());
  }
}
