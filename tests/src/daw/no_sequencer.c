/* What Qtractor asks of the ALSA sequencer, for machines that have none: all succeeds and nothing arrives. */
#include <poll.h>
#include <unistd.h>

typedef void T;
static int pipes[2] = {-1, -1};
static int token;

int snd_seq_open(T **s, const char *n, int a, int b) { *s = &token; return pipes[0] < 0 ? pipe(pipes) : 0; }
int snd_seq_close(T *s) { return 0; }
int snd_seq_client_id(T *s) { return 128; }
int snd_seq_set_client_name(T *s, const char *n) { return 0; }
int snd_seq_alloc_queue(T *s) { return 0; }
int snd_seq_free_queue(T *s, int q) { return 0; }
int snd_seq_create_simple_port(T *s, const char *n, unsigned c, unsigned t) { static int port; return port++; }
int snd_seq_delete_simple_port(T *s, int p) { return 0; }
int snd_seq_control_queue(T *s, int q, int t, int v, T *e) { return 0; }
int snd_seq_drain_output(T *s) { return 0; }
int snd_seq_drop_input(T *s) { return 0; }
int snd_seq_drop_output(T *s) { return 0; }
int snd_seq_event_input(T *s, T **e) { *e = 0; return -11; }
int snd_seq_event_input_pending(T *s, int f) { return 0; }
int snd_seq_event_output(T *s, T *e) { return 0; }
int snd_seq_event_output_direct(T *s, T *e) { return 0; }
int snd_seq_get_any_client_info(T *s, int c, T *i) { return -1; }
int snd_seq_get_any_port_info(T *s, int c, int p, T *i) { return -1; }
int snd_seq_get_port_info(T *s, int p, T *i) { return 0; }
int snd_seq_get_queue_status(T *s, int q, T *i) { return 0; }
int snd_seq_get_queue_tempo(T *s, int q, T *i) { return 0; }
int snd_seq_poll_descriptors(T *s, struct pollfd *p, unsigned n, short e) { p->fd = pipes[0]; p->events = POLLIN; p->revents = 0; return 1; }
int snd_seq_poll_descriptors_count(T *s, short e) { return 1; }
int snd_seq_query_next_client(T *s, T *i) { return -1; }
int snd_seq_query_next_port(T *s, T *i) { return -1; }
int snd_seq_query_port_subscribers(T *s, T *i) { return -1; }
int snd_seq_remove_events(T *s, T *i) { return 0; }
int snd_seq_set_port_info(T *s, int p, T *i) { return 0; }
int snd_seq_set_queue_tempo(T *s, int q, T *i) { return 0; }
int snd_seq_set_queue_timer(T *s, int q, T *i) { return 0; }
int snd_seq_subscribe_port(T *s, T *i) { return 0; }
int snd_seq_unsubscribe_port(T *s, T *i) { return 0; }
