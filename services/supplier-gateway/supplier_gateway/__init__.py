"""The only room with doors to suppliers: register, deliveries, answers, despatches."""
