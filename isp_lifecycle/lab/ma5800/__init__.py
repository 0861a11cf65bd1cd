"""The Huawei SmartAX MA5800 as it shows itself on its command line (device-facts section 1)."""
