// A PJRT plugin for tests: its devices are jaxlib's on the CPU, in a Python beside this process.
//
// It gives clients, buffers and programs as NVIDIA's does, so that all that runs on a GPU runs where
// there is none, but for the GPU. Buffers lie here and go to the script serve-stablehlo and back with
// every call. XLA_PYTHON names the Python; JAXLIB_MEMORY, where set, the bytes that a device has;
// with JAXLIB_NO_DEVICE there is none.
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../Sources/CPJRT/pjrt.h"

enum { Devices = 3, MaxProcesses = 4, MaxResults = 8 };

typedef struct {
  int code;
  char *text;
} Error;

typedef struct {
  const char *type;
  size_t size;
  int64_t sizes[8];
  size_t size_count;
  char *data;
  bool lost;
} Buffer;

typedef struct {
  int number, replicas, results;
  // The text, a zero, the options it was compiled with: what is serialised.
  char *text;
  size_t size;
} Program;

typedef struct {
  int process, number;
} Device;

// Of all processes, this one's among them.
static Device devices[MaxProcesses * Devices];
static int process, device_count;
static FILE *requests, *replies;
// Programs are compiled on several threads.
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static void *failure(int code, const char *text) {
  Error *error = malloc(sizeof *error);
  error->code = code;
  error->text = strdup(text);
  return error;
}

static void *start(void) {
  int to[2], from[2];
  const char *python = getenv("XLA_PYTHON");
  if (!python) return failure(9, "XLA_PYTHON names no Python");
  signal(SIGPIPE, SIG_IGN);
  if (pipe(to) || pipe(from)) return failure(13, "no pipes");
  if (fork() == 0) {
    dup2(to[0], 0);
    dup2(from[1], 1);
    for (int file = 3; file < 256; file++) close(file);
    // The user's keys are not for it.
    setsid();
    execl(python, python, SCRIPT, (char *)NULL);
    _exit(127);
  }
  close(to[0]);
  close(from[1]);
  requests = fdopen(to[1], "w");
  replies = fdopen(from[0], "r");
  return NULL;
}

// Reads a reply's line; gives the sizes of what is behind it.
static void *answer(size_t *sizes, int *count) {
  static char line[1 << 16];
  fflush(requests);
  if (!fgets(line, sizeof line, replies)) return failure(13, "the script ended");
  if (strstr(line, "\"error\"")) return failure(3, line);
  char *list = strstr(line, "\"bytes\": [");
  *count = 0;
  if (!list) return NULL;
  for (list += strlen("\"bytes\": ["); *list != ']'; list += strspn(list, ", "))
    sizes[(*count)++] = strtoull(list, &list, 10);
  return NULL;
}

static void *error_destroy(void *given) {
  PJRT_Destroy_Arguments *a = given;
  free(((Error *)a->object)->text);
  free(a->object);
  return NULL;
}

static void *error_message(void *given) {
  PJRT_Error_Message_Arguments *a = given;
  a->message = ((const Error *)a->error)->text;
  a->message_size = strlen(a->message);
  return NULL;
}

static void *error_code(void *given) {
  PJRT_Error_Code_Arguments *a = given;
  a->code = ((const Error *)a->error)->code;
  return NULL;
}

static void *nothing(void *given) { return NULL; }

static void *attributes(void *given) {
  ((PJRT_Plugin_Attributes_Arguments *)given)->count = 0;
  return NULL;
}

// Makes the error that a function of the caller's returns.
static void *callback_error(int code, const char *message, size_t message_size) {
  char text[256];
  snprintf(text, sizeof text, "%.*s", (int)message_size, message);
  return failure(code, text);
}

// Notes between processes, by the functions of the caller's.

static void *put_note(const PJRT_Client_Create_Arguments *a, const char *key, const char *value) {
  PJRT_Callback_Error error = callback_error;
  PJRT_Put_Note_Arguments note = {.struct_size = sizeof note, .key = key, .value = value};
  note.key_size = strlen(key);
  note.value_size = strlen(value);
  note.error = &error;
  note.context = a->put_context;
  return a->put(&note);
}

static void *get_note(
    const PJRT_Client_Create_Arguments *a, const char *key, char *value, size_t room) {
  PJRT_Callback_Error error = callback_error;
  PJRT_Get_Note_Arguments note = {.struct_size = sizeof note, .key = key, .milliseconds = 120000};
  note.key_size = strlen(key);
  note.error = &error;
  note.context = a->get_context;
  void *failed = a->get(&note);
  if (failed) return failed;
  snprintf(value, room, "%.*s", (int)note.value_size, note.value);
  note.destroy(note.value);
  return NULL;
}

// Where the first process awaits the others, once all of them are on the way.
static void *coordinator(const PJRT_Client_Create_Arguments *a, int count, char *address, size_t room) {
  char own[64], key[16];
  struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof place;
  int probe = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(probe, (void *)&place, size) || getsockname(probe, (void *)&place, &size))
    return failure(13, "no port is free");
  close(probe);
  snprintf(own, sizeof own, "127.0.0.1:%d", ntohs(place.sin_port));
  snprintf(key, sizeof key, "address %d", process);
  void *error = put_note(a, key, own);
  for (int other = count - 1; !error && other >= 0; other--) {
    snprintf(key, sizeof key, "address %d", other);
    error = get_note(a, key, address, room);
  }
  return error;
}

// Has the script join those of other processes, or nobody.
static void *join(const PJRT_Client_Create_Arguments *a) {
  int count = 1;
  for (size_t place = 0; place < a->option_count; place++) {
    const PJRT_Named *option = a->options + place;
    if (!strncmp(option->name, "num_nodes", option->name_size)) count = option->integer;
    if (!strncmp(option->name, "node_id", option->name_size)) process = option->integer;
  }
  if (count > MaxProcesses) return failure(3, "too many processes");
  char address[64] = "";
  void *error = count > 1 ? coordinator(a, count, address, sizeof address) : NULL;
  if (!error) error = start();
  if (error) return error;
  fprintf(requests, "{\"join\": [%d, %d, \"%s\"]}\n", process, count, address);
  size_t numbers[2 * MaxProcesses * Devices];
  int found;
  error = answer(numbers, &found);
  if (error) return error;
  for (device_count = 0; 2 * device_count < found; device_count++) {
    devices[device_count].process = numbers[2 * device_count];
    devices[device_count].number = numbers[2 * device_count + 1];
  }
  return NULL;
}

static void *client_create(void *given) {
  static int client;
  PJRT_Client_Create_Arguments *a = given;
  if (getenv("JAXLIB_NO_DEVICE")) return failure(9, "No visible GPU devices.");
  if (!requests) {
    void *error = join(a);
    if (error) {
      requests = NULL;
      return error;
    }
  }
  a->client = &client;
  return NULL;
}

static void *client_platform(void *given) {
  PJRT_Client_Platform_Arguments *a = given;
  a->name = "cpu";
  a->name_size = 3;
  return NULL;
}

static void *client_all_devices(void *given) {
  static void *all[MaxProcesses * Devices];
  PJRT_Client_Devices_Arguments *a = given;
  for (int device = 0; device < device_count; device++) all[device] = devices + device;
  a->devices = all;
  a->count = device_count;
  return NULL;
}

static void *client_devices(void *given) {
  static void *own[Devices];
  PJRT_Client_Devices_Arguments *a = given;
  a->count = 0;
  for (int device = 0; device < device_count; device++)
    if (devices[device].process == process) own[a->count++] = devices + device;
  a->devices = own;
  return NULL;
}

static void *device_description(void *given) {
  PJRT_Device_Description_Arguments *a = given;
  a->description = a->device;
  return NULL;
}

static void *description_number(void *given) {
  PJRT_Description_Number_Arguments *a = given;
  a->number = ((const Device *)a->description)->number;
  return NULL;
}

static void *description_process(void *given) {
  PJRT_Description_Number_Arguments *a = given;
  a->number = ((const Device *)a->description)->process;
  return NULL;
}

static void *description_kind(void *given) {
  PJRT_Description_Kind_Arguments *a = given;
  a->kind = "CPU by jaxlib";
  a->kind_size = strlen(a->kind);
  return NULL;
}

static void *device_memory(void *given) {
  PJRT_Device_Memory_Arguments *a = given;
  const char *bytes = getenv("JAXLIB_MEMORY");
  a->limit.is_set = bytes != NULL;
  if (bytes) a->limit.bytes = atoll(bytes);
  return NULL;
}

static void *client_buffer(void *given) {
  PJRT_Client_Buffer_Arguments *a = given;
  Buffer *buffer = calloc(1, sizeof *buffer);
  buffer->type = a->type == PJRT_Type_F32 ? "float32" : a->type == PJRT_Type_S32 ? "int32" : "uint8";
  buffer->size = a->type == PJRT_Type_U8 ? 1 : 4;
  buffer->size_count = a->size_count;
  for (size_t place = 0; place < a->size_count; place++) {
    buffer->sizes[place] = a->sizes[place];
    buffer->size *= a->sizes[place];
  }
  buffer->data = malloc(buffer->size + 1);
  memcpy(buffer->data, a->data, buffer->size);
  a->buffer = buffer;
  return NULL;
}

static void *buffer_destroy(void *given) {
  Buffer *buffer = ((PJRT_Destroy_Arguments *)given)->object;
  free(buffer->data);
  free(buffer);
  return NULL;
}

static void *buffer_to_host(void *given) {
  PJRT_Buffer_ToHost_Arguments *a = given;
  const Buffer *buffer = a->buffer;
  if (buffer->lost) return failure(3, "the buffer was donated");
  if (a->size < buffer->size) return failure(3, "too little room for the buffer");
  memcpy(a->data, buffer->data, buffer->size);
  return NULL;
}

// Sends a program to the script.
static void *loaded(
    const char *text, size_t size, const char *options, size_t options_size, void **result) {
  Program *program = calloc(1, sizeof *program);
  program->size = size + 1 + options_size;
  program->text = calloc(1, program->size);
  memcpy(program->text, text, size);
  memcpy(program->text + size + 1, options, options_size);
  const char *replicas = strstr(program->text, "mhlo.num_replicas = ");
  program->replicas = replicas ? atoi(replicas + strlen("mhlo.num_replicas = ")) : 1;
  const char *end = strstr(program->text, "\n    return ");
  program->results = end != NULL;
  for (; end && *end && *end != ':'; end++) program->results += *end == ',';
  static int programs;
  pthread_mutex_lock(&turn);
  program->number = ++programs;
  fprintf(requests, "{\"compile\": %d, \"bytes\": %zu, \"replicas\": %d, \"options\": %zu}\n",
          program->number, size, program->replicas, options_size);
  fwrite(text, 1, size, requests);
  fwrite(options, 1, options_size, requests);
  size_t sizes[1];
  int count;
  *result = program;
  void *error = answer(sizes, &count);
  pthread_mutex_unlock(&turn);
  return error;
}

static void *client_compile(void *given) {
  PJRT_Client_Compile_Arguments *a = given;
  return loaded(
      a->program->code, a->program->code_size, a->options, a->options_size, &a->loaded);
}

static void *client_load(void *given) {
  PJRT_Client_Load_Arguments *a = given;
  if (a->size < 6 || memcmp(a->bytes, "module", 6)) return failure(3, "no program of this plugin");
  size_t text = strnlen(a->bytes, a->size);
  if (text == a->size) return failure(3, "no program of this plugin");
  return loaded(a->bytes, text, a->bytes + text + 1, a->size - text - 1, &a->loaded);
}

static void *loaded_executable(void *given) {
  PJRT_Loaded_Executable_Arguments *a = given;
  a->executable = a->loaded;
  return NULL;
}

static void *executable_outputs(void *given) {
  PJRT_Executable_NumOutputs_Arguments *a = given;
  a->count = ((Program *)a->executable)->results;
  return NULL;
}

static void *executable_serialize(void *given) {
  PJRT_Executable_Serialize_Arguments *a = given;
  a->bytes = ((const Program *)a->executable)->text;
  a->size = ((const Program *)a->executable)->size;
  return NULL;
}

// What a device would need: a million bytes for each image that passes together.
static void *executable_memory(void *given) {
  PJRT_Executable_Memory_Arguments *a = given;
  static const char images[] = "x32x32x3xf32>";
  const char *text = ((const Program *)a->executable)->text;
  for (const char *found = text; (found = strstr(found, images)); found++) {
    const char *start = found;
    while (start > text && start[-1] >= '0' && start[-1] <= '9') start--;
    if (atoll(start) * 1000000 > a->temporary_bytes) a->temporary_bytes = atoll(start) * 1000000;
  }
  return NULL;
}

static void *execute(void *given) {
  PJRT_Loaded_Execute_Arguments *a = given;
  const Program *program = a->loaded;
  fprintf(requests, "{\"run\": %d, \"arguments\": [", program->number);
  for (size_t device = 0; device < a->device_count; device++)
    for (size_t place = 0; place < a->argument_count; place++) {
      const Buffer *buffer = a->arguments[device][place];
      if (buffer->lost) return failure(3, "a donated argument");
      fprintf(requests, "%s[\"%s\", [", device + place ? ", " : "", buffer->type);
      for (size_t size = 0; size < buffer->size_count; size++)
        fprintf(requests, "%s%lld", size ? ", " : "", (long long)buffer->sizes[size]);
      fprintf(requests, "]]");
    }
  fprintf(requests, "]}\n");
  for (size_t device = 0; device < a->device_count; device++)
    for (size_t place = 0; place < a->argument_count; place++) {
      const Buffer *buffer = a->arguments[device][place];
      fwrite(buffer->data, 1, buffer->size, requests);
    }
  size_t sizes[Devices * MaxResults];
  int count;
  void *error = answer(sizes, &count);
  if (error) return error;
  for (int result = 0; result < count; result++) {
    Buffer *buffer = calloc(1, sizeof *buffer);
    buffer->type = "float32";
    buffer->size = sizes[result];
    buffer->size_count = 1;
    buffer->sizes[0] = sizes[result] / 4;
    buffer->data = malloc(buffer->size + 1);
    if (fread(buffer->data, 1, buffer->size, replies) != buffer->size)
      return failure(13, "the script ended");
    a->results[result / program->results][result % program->results] = buffer;
  }
  // Donated arguments are named in the program's text.
  for (size_t place = 0; strstr(program->text, "tf.aliasing_output") && place < 4; place++)
    for (size_t device = 0; device < a->device_count; device++)
      ((Buffer *)a->arguments[device][place])->lost = true;
  return NULL;
}

const PJRT_Api *GetPjrtApi(void) {
  // The version, and the table of functions behind it.
  static union {
    PJRT_Api api;
    char room[sizeof(PJRT_Api) + 128 * sizeof(PJRT_Function)];
  } table;
  table.api.struct_size = sizeof table;
  table.api.version.minor = 60;
  PJRT_Function *functions = (PJRT_Function *)table.api.functions;
  for (int place = 0; place < 128; place++) functions[place] = nothing;
  functions[PJRT_Function_Error_Destroy] = error_destroy;
  functions[PJRT_Function_Error_Message] = error_message;
  functions[PJRT_Function_Error_Code] = error_code;
  functions[PJRT_Function_Plugin_Attributes] = attributes;
  functions[PJRT_Function_Client_Create] = client_create;
  functions[PJRT_Function_Client_Platform] = client_platform;
  functions[PJRT_Function_Client_AllDevices] = client_all_devices;
  functions[PJRT_Function_Client_Devices] = client_devices;
  functions[PJRT_Function_Client_Buffer] = client_buffer;
  functions[PJRT_Function_Client_Compile] = client_compile;
  functions[PJRT_Function_Client_Load] = client_load;
  functions[PJRT_Function_Device_Description] = device_description;
  functions[PJRT_Function_Description_Number] = description_number;
  functions[PJRT_Function_Description_Process] = description_process;
  functions[PJRT_Function_Description_Kind] = description_kind;
  functions[PJRT_Function_Device_Memory] = device_memory;
  functions[PJRT_Function_Buffer_Destroy] = buffer_destroy;
  functions[PJRT_Function_Buffer_ToHost] = buffer_to_host;
  functions[PJRT_Function_Loaded_Executable] = loaded_executable;
  functions[PJRT_Function_Loaded_Execute] = execute;
  functions[PJRT_Function_Executable_NumOutputs] = executable_outputs;
  functions[PJRT_Function_Executable_Serialize] = executable_serialize;
  functions[PJRT_Function_Executable_Memory] = executable_memory;
  return &table.api;
}
