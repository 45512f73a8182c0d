/* A module whose name is another than that of its file, with a device named by its parameter. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

static char *node = "testmod-named";
module_param(node, charp, 0444);

static const struct file_operations device_operations = {
	.owner = THIS_MODULE,
	.llseek = noop_llseek,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.fops = &device_operations,
};

static int __init testmod_named_init(void)
{
	device.name = node;
	return misc_register(&device);
}

static void __exit testmod_named_exit(void)
{
	misc_deregister(&device);
}

module_init(testmod_named_init);
module_exit(testmod_named_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A module by another name");
