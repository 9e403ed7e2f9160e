package dev.rszshm.heap.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in memory that a test mounts, where it may. */
public record MountedTmpfs(Path path) implements AutoCloseable {

  /** Mounts one, or gives up the test with the reason. */
  public static MountedTmpfs mount(Path path, String options)
      throws IOException, InterruptedException {
    return mount("tmpfs", path, options);
  }

  /** Mounts one of another type, or gives up the test with the reason. */
  public static MountedTmpfs mount(String type, Path path, String options)
      throws IOException, InterruptedException {
    Files.createDirectory(path);
    String refusal = run("mount", "-t", type, "-o", options, "rszshm-test", path.toString());
    if (refusal != null) {
      Files.delete(path);
    }
    assumeTrue(
        refusal == null, () -> "this test must mount a " + type + ", which failed: " + refusal);
    return new MountedTmpfs(path);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    String refusal = run("umount", path.toString());
    if (refusal != null) {
      throw new IOException("umount " + path + ": " + refusal);
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? null : output.strip();
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
