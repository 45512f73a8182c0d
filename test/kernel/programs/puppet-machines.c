/*
 * What a puppet does with graphics cards, and as a virtual machine that is given one:
 *
 *   export-buffer CARD             a picture, as a dma-buf
 *   import-buffer CARD FD          on another card
 *   export-fence BUFFER            what it waits for, as a sync_file
 *   vfio-group GROUP CONTAINER     puts the group into the container
 *   vfio-iommu CONTAINER           chooses type 1
 *   vfio-device GROUP ADDRESS      a device of the group, by its address
 *   vfio-interrupt DEVICE          by MSI; the eventfd that it comes by
 *   kvm-machine KVM                a machine with interrupt controllers
 *   kvm-processor MACHINE NUMBER
 *   kvm-interrupt MACHINE LINE EVENTFD   (an eventfd of its own where that is 0)
 *   kvm-vfio MACHINE GROUP         tells the machine of the group
 */
#include "puppet.h"

#include <errno.h>
#include <linux/dma-buf.h>
#include <linux/kvm.h>
#include <linux/vfio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Of drm/drm.h and drm/drm_mode.h, which come with another package than the headers of the kernel. */
struct dumb_buffer {
    uint32_t height, width, bits, flags, handle, pitch;
    uint64_t size;
};
struct prime_handle {
    uint32_t handle, flags;
    int32_t fd;
};
static const unsigned long create_dumb = _IOWR('d', 0xb2, struct dumb_buffer);
static const unsigned long handle_to_fd = _IOWR('d', 0x2d, struct prime_handle);
static const unsigned long fd_to_handle = _IOWR('d', 0x2e, struct prime_handle);
static const uint32_t close_on_exec = 02000000;

static int export_buffer(int card) {
    struct dumb_buffer picture = {.height = 64, .width = 64, .bits = 32};
    if (ioctl(card, create_dumb, &picture) != 0) return -1;
    struct prime_handle shared = {.handle = picture.handle, .flags = close_on_exec, .fd = -1};
    return ioctl(card, handle_to_fd, &shared) == 0 ? shared.fd : -1;
}

static int import_buffer(int card, int fd) {
    struct prime_handle shared = {.fd = fd};
    return ioctl(card, fd_to_handle, &shared) == 0 ? (int)shared.handle : -1;
}

static int export_fence(int buffer) {
    struct dma_buf_export_sync_file fence = {.flags = DMA_BUF_SYNC_RW, .fd = -1};
    return ioctl(buffer, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &fence) == 0 ? fence.fd : -1;
}

static int interrupt_by_message(int device) {
    struct {
        struct vfio_irq_set set;
        int32_t event;
    } request = {.set = {.argsz = sizeof request,
                         .flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
                         .index = VFIO_PCI_MSI_IRQ_INDEX,
                         .count = 1},
                 .event = eventfd(0, EFD_CLOEXEC)};
    return ioctl(device, VFIO_DEVICE_SET_IRQS, &request) == 0 ? request.event : -1;
}

static int make_machine(int kvm) {
    int machine = ioctl(kvm, KVM_CREATE_VM, 0);
    return machine >= 0 && ioctl(machine, KVM_CREATE_IRQCHIP, 0) == 0 ? machine : -1;
}

static int give_interrupt(int machine, int line, int event) {
    struct kvm_irqfd request = {.fd = (uint32_t)(event == 0 ? eventfd(0, EFD_CLOEXEC) : event), .gsi = (uint32_t)line};
    return ioctl(machine, KVM_IRQFD, &request);
}

static int tell_machine(int machine, int32_t group) {
    struct kvm_create_device device = {.type = KVM_DEV_TYPE_VFIO};
    if (ioctl(machine, KVM_CREATE_DEVICE, &device) != 0) return -1;
    struct kvm_device_attr attribute = {
        .group = KVM_DEV_VFIO_GROUP, .attr = KVM_DEV_VFIO_GROUP_ADD, .addr = (uintptr_t)&group};
    return ioctl((int)device.fd, KVM_SET_DEVICE_ATTR, &attribute) == 0 ? (int)device.fd : -1;
}

int obey_machine(char *words[]) {
    const char *verb = words[0];
    int fd = atoi(words[1]), number = atoi(words[2]);
    if (strcmp(verb, "export-buffer") == 0) return export_buffer(fd);
    if (strcmp(verb, "import-buffer") == 0) return import_buffer(fd, number);
    if (strcmp(verb, "export-fence") == 0) return export_fence(fd);
    if (strcmp(verb, "vfio-group") == 0) return ioctl(fd, VFIO_GROUP_SET_CONTAINER, &number);
    if (strcmp(verb, "vfio-iommu") == 0) return ioctl(fd, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU);
    if (strcmp(verb, "vfio-device") == 0) return ioctl(fd, VFIO_GROUP_GET_DEVICE_FD, words[2]);
    if (strcmp(verb, "vfio-interrupt") == 0) return interrupt_by_message(fd);
    if (strcmp(verb, "kvm-machine") == 0) return make_machine(fd);
    if (strcmp(verb, "kvm-processor") == 0) return ioctl(fd, KVM_CREATE_VCPU, (unsigned long)number);
    if (strcmp(verb, "kvm-interrupt") == 0) return give_interrupt(fd, number, atoi(words[3]));
    if (strcmp(verb, "kvm-vfio") == 0) return tell_machine(fd, number);
    errno = ENOSYS;
    return -1;
}
