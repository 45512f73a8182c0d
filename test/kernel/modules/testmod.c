/*
 * The module of the tests: reading /proc/testmod-sample takes no reference, since /proc files have no owner; an open
 * /dev/testmod takes one, as every misc device does; and what links to testmod_answer holds it as a module. A `+` that
 * is written to /proc/testmod-count takes one that nothing shows, until somebody writes a `-`.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

int testmod_answer(void)
{
	return 42;
}
EXPORT_SYMBOL_GPL(testmod_answer);

static int sample_show(struct seq_file *file, void *unused)
{
	seq_puts(file, "This is testmod.\n");
	return 0;
}

static ssize_t count_write(struct file *file, const char __user *text, size_t length, loff_t *place)
{
	char sign;

	if (copy_from_user(&sign, text, 1))
		return -EFAULT;
	if (sign == '+')
		__module_get(THIS_MODULE);
	else
		module_put(THIS_MODULE);
	return length;
}

static const struct proc_ops count_operations = {
	.proc_write = count_write,
};

static const struct file_operations device_operations = {
	.owner = THIS_MODULE,
	.llseek = noop_llseek,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "testmod",
	.fops = &device_operations,
};

static int __init testmod_init(void)
{
	if (!proc_create_single("testmod-sample", 0444, NULL, sample_show) ||
	    !proc_create("testmod-count", 0200, NULL, &count_operations))
		return -ENOMEM;
	return misc_register(&device);
}

static void __exit testmod_exit(void)
{
	misc_deregister(&device);
	remove_proc_entry("testmod-count", NULL);
	remove_proc_entry("testmod-sample", NULL);
}

module_init(testmod_init);
module_exit(testmod_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A module to be held");
