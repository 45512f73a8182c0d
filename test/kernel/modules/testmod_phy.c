/*
 * An interface whose physical layer is a chip that another module drives: it takes it when it goes up, and gives it back
 * when it goes down, as most drivers do. The chip is only a table of registers; a DM9161, by what it says of itself.
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/phy.h>
#include <linux/platform_device.h>

#define CHIP 0x0181b8a0

static int chip_read(struct mii_bus *bus, int address, int place)
{
	switch (place) {
	case MII_BMSR:
		return BMSR_100FULL | BMSR_ANEGCAPABLE | BMSR_ANEGCOMPLETE;
	case MII_PHYSID1:
		return CHIP >> 16;
	case MII_PHYSID2:
		return CHIP & 0xffff;
	default:
		return 0;
	}
}

static int chip_write(struct mii_bus *bus, int address, int place, u16 value)
{
	return 0;
}

static void link_changed(struct net_device *device)
{
}

static int interface_open(struct net_device *device)
{
	struct mii_bus **bus = netdev_priv(device);
	struct phy_device *chip = phy_find_first(*bus);

	return chip ? phy_connect_direct(device, chip, link_changed, PHY_INTERFACE_MODE_MII) : -ENODEV;
}

static int interface_stop(struct net_device *device)
{
	phy_disconnect(device->phydev);
	return 0;
}

static netdev_tx_t interface_send(struct sk_buff *packet, struct net_device *device)
{
	dev_kfree_skb(packet);
	return NETDEV_TX_OK;
}

static const struct net_device_ops interface_operations = {
	.ndo_open = interface_open,
	.ndo_stop = interface_stop,
	.ndo_start_xmit = interface_send,
};

static int interface_probe(struct platform_device *parent)
{
	struct net_device *device = devm_alloc_etherdev(&parent->dev, sizeof(struct mii_bus *));
	struct mii_bus *bus = devm_mdiobus_alloc(&parent->dev);
	int error;

	if (!device || !bus)
		return -ENOMEM;
	bus->name = "testmod_phy";
	strscpy(bus->id, "testmod_phy", sizeof(bus->id));
	bus->read = chip_read;
	bus->write = chip_write;
	bus->phy_mask = ~1;
	error = devm_mdiobus_register(&parent->dev, bus);
	if (error)
		return error;
	*(struct mii_bus **)netdev_priv(device) = bus;
	device->netdev_ops = &interface_operations;
	eth_hw_addr_random(device);
	strscpy(device->name, "wire%d", sizeof(device->name));
	SET_NETDEV_DEV(device, &parent->dev);
	return devm_register_netdev(&parent->dev, device);
}

static struct platform_driver driver = {
	.probe = interface_probe,
	.driver = { .name = "testmod_phy" },
};

static struct platform_device *parent;

static int __init phy_init(void)
{
	int error = platform_driver_register(&driver);

	if (error)
		return error;
	parent = platform_device_register_simple("testmod_phy", -1, NULL, 0);
	if (!IS_ERR(parent))
		return 0;
	platform_driver_unregister(&driver);
	return PTR_ERR(parent);
}

static void __exit phy_exit(void)
{
	platform_device_unregister(parent);
	platform_driver_unregister(&driver);
}

module_init(phy_init);
module_exit(phy_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("An interface with a chip of another driver");
