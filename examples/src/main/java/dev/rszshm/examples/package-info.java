/** Small programs that show how a heap is shared. Each is complete, and is run by a test. */
package dev.rszshm.examples;
