/** What goes wrong with worker processes. */
package dev.rszshm.structures.worker.errors;
