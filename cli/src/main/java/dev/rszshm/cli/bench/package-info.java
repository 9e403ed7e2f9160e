/** What a heap costs on this machine, beside what the JDK has for the same in one JVM. */
@NullMarked
package dev.rszshm.cli.bench;

import org.jspecify.annotations.NullMarked;
